package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.journal.Journal;
import rto.node.journal.JournalSettings;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.RunFinished;
import rto.rollout.PolicyEngine;
import rto.run.Deadlines;
import rto.run.RunObserver;
import rto.run.RunPlan;

/** Real one-node clusters with their journal on disk. */
class ClusterRunTest {

  /**
   * Everything that is sent is serialized, also inside one JVM, except what never leaves a room.
   */
  private static final Config SERIALIZE =
      ConfigFactory.parseString(
          """
          akka.actor.serialize-messages = on
          akka.actor.no-serialization-verification-needed-class-prefix = [
            "akka.", "rto.run.", "rto.rollout.", "rto.scoring.", "rto.learner.",
            "rto.protocol.LearnerCommand", "rto.protocol.LearnerReply"]
          """);

  private final Map<String, Map.Entry<Integer, String>> disk = HashingEngines.Learner.emptyDisk();
  private final List<Integer> learned = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @Test
  void runEndsAndItsFolderIsFreeAfterwards() throws Exception {
    var finished = start(folder, parts(plan(4), new HashingEngines.Policy())).result();

    assertThat(digest(finished)).matches("[0-9a-f]{64}");
    assertThat(learned).containsExactly(0, 1, 2, 3);
    Journal.of(new JournalSettings.H2File(), folder).ready();
  }

  @Test
  void finishedRunIsNotRunAgain() throws Exception {
    String first = digest(start(folder, parts(plan(3), new HashingEngines.Policy())).result());
    learned.clear();

    String second = digest(start(folder, parts(plan(3), new HashingEngines.Policy())).result());

    assertThat(second).isEqualTo(first);
    assertThat(learned).isEmpty();
  }

  @Test
  void runThatLeftContinuesAndEndsWithTheSameDigest(@TempDir Path undisturbed) throws Exception {
    String expected =
        digest(start(undisturbed, parts(plan(6), new HashingEngines.Policy())).result());
    disk.clear();
    var blocked = new HashingEngines.BlockingPolicy(2);
    var first = start(folder, parts(plan(6), blocked));
    assertThat(blocked.reached.await(20, TimeUnit.SECONDS)).isTrue();
    first.leave().toCompletableFuture().get(20, TimeUnit.SECONDS);
    blocked.release.countDown();
    assertThatThrownBy(() -> digest(first.result())).hasMessageContaining("stopped before its end");

    String continued = digest(start(folder, parts(plan(6), new HashingEngines.Policy())).result());

    assertThat(continued).isEqualTo(expected);
  }

  @Test
  void folderOfAnotherConfigIsRefusedWithBothNames() throws Exception {
    digest(start(folder, parts(plan(1), new HashingEngines.Policy())).result());
    var other = new RunPlan("other", "config-2", 1, 3, 2, 0, Deadlines.standard());

    var refused = start(folder, parts(other, new HashingEngines.Policy())).result();

    assertThatThrownBy(() -> digest(refused))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("run: other with config config-2")
        .hasMessageContaining("expected: run with config config");
  }

  @Test
  void journalStaysBounded() throws Exception {
    var plan = plan(12);
    digest(start(folder, parts(plan, new HashingEngines.Policy())).result());

    // Two iterations of three tasks to a checkpoint: 2 · (1 + 3 + 1) + 1 = 11 events; two of those
    // and what came since the last multiple.
    assertThat(rows("event_journal")).isLessThanOrEqualTo(3 * 11);
    assertThat(rows("snapshot")).isLessThanOrEqualTo(2);
    assertThat(disk.keySet()).containsExactlyInAnyOrder("checkpoint-9", "checkpoint-11");
  }

  private int rows(String table) throws SQLException {
    var slick = Journal.of(new JournalSettings.H2File(), folder).slick();
    try (var connection =
            DriverManager.getConnection(
                (String) slick.get("db.url"),
                (String) slick.get("db.user"),
                (String) slick.get("db.password"));
        var statement = connection.createStatement();
        var count = statement.executeQuery("select count(*) from \"" + table + "\"")) {
      count.next();
      return count.getInt(1);
    }
  }

  @Test
  void observerThatThrowsEndsTheRunWithItsReason() {
    var broken =
        new Recorder() {
          @Override
          public void learned(IterationLearned event, boolean replayed) {
            throw new UncheckedIOException(new IOException("metrics.jsonl: disk full"));
          }
        };

    var run = start(folder, parts(plan(4), new HashingEngines.Policy()).observedBy(broken));

    assertThatThrownBy(() -> digest(run.result())).hasMessageContaining("disk full");
  }

  @Test
  void brainThatBreaksDoesNotLeaveItsUserWaiting() {
    var parts = parts(plan(4), new HashingEngines.Policy());
    var broken =
        new RunParts(
            parts.plan(),
            (iteration, weights) -> {
              throw new IllegalStateException("prompts.jsonl: gone");
            },
            parts.learner(),
            parts.policies(),
            parts.scorers(),
            parts.rollout(),
            parts.observer());

    assertThatThrownBy(() -> digest(start(folder, broken).result()))
        .hasMessageContaining("stopped before its end");
  }

  @Test
  void nodeListsItsRolesAndPpoHasNoDpoRoom() {
    assertThat(parts(plan(1), new HashingEngines.Policy()).roles())
        .containsExactly(NodeRole.LEARNER, NodeRole.ROLLOUT, NodeRole.REFERENCE, NodeRole.REWARD);
  }

  private static ClusterRun start(Path folder, RunParts parts) {
    return ClusterRun.start(NodeOptions.oneJvm(folder), parts, SERIALIZE);
  }

  private static RunPlan plan(int iterations) {
    return new RunPlan("run", "config", iterations, 3, 2, 0, Deadlines.standard());
  }

  private RunParts parts(RunPlan plan, PolicyEngine policy) {
    return HashingEngines.parts(plan, disk, policy, new Recorder());
  }

  private class Recorder implements RunObserver {
    @Override
    public void learned(IterationLearned event, boolean replayed) {
      if (!replayed) {
        learned.add(event.iteration());
      }
    }

    @Override
    public void finished(String digest) {}

    @Override
    public void failed(String reason) {}
  }

  private static String digest(CompletionStage<RunFinished> result) throws Exception {
    try {
      return result.toCompletableFuture().orTimeout(40, TimeUnit.SECONDS).join().digest();
    } catch (CompletionException e) {
      throw (Exception) e.getCause();
    }
  }
}
