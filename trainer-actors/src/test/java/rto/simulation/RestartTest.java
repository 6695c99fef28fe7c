package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.Pause;
import rto.protocol.RunSnapshot;
import rto.run.RunPlan;

/** A run that is interrupted anywhere ends as if nothing had happened. */
class RestartTest {

  private static final House HOUSE = new House();

  @AfterAll
  static void close() {
    HOUSE.close();
  }

  @AfterEach
  void clear() {
    HOUSE.clear();
  }

  @Test
  void runLearnsEveryIterationOnceAndInOrder() {
    var outcome = start(Tasks.plan("whole", 4, 3, 2), new HashingLearner.Disk());

    assertThat(outcome.await()).matches("[0-9a-f]{64}");
    assertThat(outcome.learned().stream().map(IterationLearned::iteration))
        .containsExactly(0, 1, 2, 3);
    assertThat(outcome.learned().get(3).digest()).isEqualTo(outcome.await());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void runThatDiesAfterAnyEventEndsWithTheDigestOfAnUndisturbedOne(int staleness) {
    // 1 start + 4 iterations of (start, two tasks, end) + 2 checkpoints + 1 finish = 20 events.
    var plan = Tasks.plan("restarted", 4, 2, 2, staleness);
    String expected = start(plan, new HashingLearner.Disk()).await();

    IntStream.range(0, 20)
        .forEach(
            events ->
                assertThat(digestOfRunThatDiesAfter(events, plan))
                    .as("died after event " + events)
                    .isEqualTo(expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void runThatDiesAgainAndAgainEndsWithTheSameDigest(int staleness) {
    var plan = Tasks.plan("mortal", 4, 2, 2, staleness);
    var disk = new HashingLearner.Disk();
    String expected = start(plan, new HashingLearner.Disk()).await();
    HOUSE.clear();

    // Every life has three events.
    for (int life = 0; life < 6; life++) {
      HOUSE.failAfter(3);
      assertThat(start(plan, disk).await()).startsWith("failed: stopped before its end");
      HOUSE.stopAll();
    }
    HOUSE.journal.resetPolicy();

    assertThat(start(plan, disk).await()).isEqualTo(expected);
  }

  @Test
  void observerIsToldEveryIterationThoughTheFirstLifeLostIt() {
    var plan = Tasks.plan("observed", 3, 1, 3);
    var disk = new HashingLearner.Disk();
    // Dies at the start of iteration 2, with two iterations learned and no checkpoint.
    HOUSE.failAfter(7);
    start(plan, disk).await();
    HOUSE.stopAll();
    HOUSE.journal.resetPolicy();

    var outcome = start(plan, disk);

    outcome.await();
    assertThat(outcome.replayed()).containsExactly(0, 1);
    assertThat(outcome.learned().stream().map(IterationLearned::iteration))
        .containsExactly(0, 1, 2);
  }

  @Test
  void journalledTrajectoriesAreNotGeneratedTwice() {
    var plan = Tasks.plan("thrifty", 1, 4, 1);
    var disk = new HashingLearner.Disk();
    // Start, iteration, two of the four tasks.
    HOUSE.failAfter(4);
    start(plan, disk).await();
    HOUSE.stopAll();
    HOUSE.journal.resetPolicy();
    var policy = new CountingPolicy();
    var outcome = new Outcome();

    var run = HOUSE.startRun(plan, disk.newLearner(), outcome);
    HOUSE.startWorker(plan, policy, HOUSE.startScorers(plan, run), run);

    outcome.await();
    assertThat(policy.sampled()).hasSize(2);
  }

  @Test
  void pausedRunStaysPausedOverARestartAndContinues() {
    var plan = Tasks.plan("paused", 2, 1, 1);
    var disk = new HashingLearner.Disk();
    String expected = start(plan, disk).await();
    HOUSE.clear();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), new Outcome());
    run.tell(new Pause());
    HOUSE.startWorker(plan, new HashingPolicy(), HOUSE.startScorers(plan, run), run);
    HOUSE.awaitPhase(run, "paused");
    HOUSE.stopAll();

    var outcome = new Outcome();
    var again = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    HOUSE.startWorker(plan, new HashingPolicy(), HOUSE.startScorers(plan, again), again);
    HOUSE.awaitPhase(again, "paused");
    again.tell(new Continue());

    assertThat(outcome.await()).isEqualTo(expected);
  }

  @Test
  void eventsThatACheckpointCoversAreDeleted() {
    // Per checkpoint: 2 · (1 + 3 + 1) + 1 = 11 events; at most two such spans and a rest stay.
    start(Tasks.plan("bounded", 16, 3, 2), new HashingLearner.Disk()).await();

    assertThat(HOUSE.events()).hasSizeLessThanOrEqualTo(3 * 11);
  }

  @Test
  void damagedCheckpointIsToldAndTheRunGoesOnFromTheOneBeforeWhereverItDied() {
    var plan = Tasks.plan("damaged", 4, 2, 1);
    String expected = start(plan, new HashingLearner.Disk()).await();

    // 1 start + 4 iterations of (start, two tasks, end, checkpoint) + 1 finish = 22 events, and the
    // first checkpoint is the sixth.
    for (int events = 6; events <= 22; events++) {
      var disk = diedAfter(events, plan);
      String newest = journalled().get(journalled().size() - 1);
      disk.damage(newest);

      String digest =
          LoggingTestKit.warn("checkpoint " + newest + " is damaged: " + newest + ": a bit")
              .expect(HOUSE.kit.system(), () -> start(plan, disk).await());

      assertThat(digest).as("died after event " + events).isEqualTo(expected);
      assertThat(disk.names()).as("written again").contains("checkpoint-3");
    }
  }

  @Test
  void soItDoesWhereRolloutsOverlapWithLearning() {
    var plan = Tasks.plan("damaged", 4, 2, 1, 1);
    String expected = PlainLoop.digest(plan);

    // 1 start + 2 iterations of (start, two tasks, end) + 1 start + two tasks before the first
    // checkpoint at the latest.
    for (int events = 12; events <= 22; events++) {
      var disk = diedAfter(events, plan);
      disk.damage(disk.names().get(disk.names().size() - 1));

      assertThat(start(plan, disk).await()).as("died after event " + events).isEqualTo(expected);
    }
  }

  @Test
  void firstCheckpointOfARunThatIsGoneIsNoLossEither() {
    var plan = Tasks.plan("gone", 4, 2, 2);
    String expected = start(plan, new HashingLearner.Disk()).await();
    // 1 start + 2 iterations of four events, and the checkpoint; two events of the next iteration.
    var disk = diedAfter(12, plan);
    disk.delete("checkpoint-1");

    var outcome = start(plan, disk);

    assertThat(outcome.await()).isEqualTo(expected);
    assertThat(disk.names()).containsExactly("checkpoint-1", "checkpoint-3");
  }

  @Test
  void damagedCheckpointIsWrittenAgainSoThatTheNextOneMayBeDamagedToo() {
    var plan = Tasks.plan("twice", 4, 1, 1);
    String expected = start(plan, new HashingLearner.Disk()).await();
    // Three iterations of four events; the next has begun.
    var disk = diedAfter(14, plan);
    disk.damage("checkpoint-2");
    // Once more, when checkpoint 2 is written and journalled again and checkpoint 3 is, too.
    HOUSE.failAfter(4);
    start(plan, disk).await();
    HOUSE.stopAll();
    HOUSE.journal.resetPolicy();
    assertThat(disk.names()).containsExactly("checkpoint-2", "checkpoint-3");
    disk.damage("checkpoint-3");

    assertThat(start(plan, disk).await()).isEqualTo(expected);
  }

  @Test
  void runWithTwoDamagedCheckpointsFailsAndNamesBoth() {
    var plan = Tasks.plan("hopeless", 4, 1, 1);
    var disk = diedAfter(14, plan);
    disk.damage("checkpoint-1");
    disk.delete("checkpoint-2");

    assertThat(start(plan, disk).await())
        .isEqualTo(
            "failed: checkpoint checkpoint-2 is damaged: checkpoint-2: a bit is not what it was;"
                + " checkpoint checkpoint-1 is damaged: checkpoint-1: a bit is not what it was"
                + " (expected: one that is whole; put a copy there)");
    assertThat(disk.names()).as("nothing is removed").containsExactly("checkpoint-1");
  }

  @Test
  void neitherEventsNorJournalSnapshotsNorCheckpointsGrowWithTheRun() {
    var plan = Tasks.plan("long", 60, 1, 1);
    var disk = new HashingLearner.Disk();

    start(plan, disk).await();

    // Per checkpoint: start, one task, end, itself. Whoever asked for the last deletions ended
    // before
    // they were done, so that two checkpoints' may be left over; 240 events were written.
    assertThat(HOUSE.events()).hasSizeLessThanOrEqualTo((3 + 2) * 4);
    List<Object> snapshots = HOUSE.snapshots();
    assertThat(snapshots).hasSizeLessThanOrEqualTo(2 + 2);
    // The run's start, two checkpoints, three events of each of two iterations.
    assertThat(snapshots)
        .allSatisfy(
            snapshot ->
                assertThat(((RunSnapshot) snapshot).events()).hasSizeLessThanOrEqualTo(3 + 2 * 3));
    assertThat(disk.names()).containsExactly("checkpoint-58", "checkpoint-59");
  }

  private static List<String> journalled() {
    return HOUSE.events().stream()
        .filter(CheckpointWritten.class::isInstance)
        .map(event -> ((CheckpointWritten) event).folder())
        .toList();
  }

  private static HashingLearner.Disk diedAfter(int events, RunPlan plan) {
    HOUSE.clear();
    var disk = new HashingLearner.Disk();
    HOUSE.failAfter(events);
    start(plan, disk).await();
    HOUSE.stopAll();
    HOUSE.journal.resetPolicy();
    return disk;
  }

  private static String digestOfRunThatDiesAfter(int events, RunPlan plan) {
    HOUSE.clear();
    var disk = new HashingLearner.Disk();
    HOUSE.failAfter(events);
    assertThat(start(plan, disk).await()).startsWith("failed: stopped before its end");
    HOUSE.stopAll();
    HOUSE.journal.resetPolicy();
    return start(plan, disk).await();
  }

  private static Outcome start(RunPlan plan, HashingLearner.Disk disk) {
    return HOUSE.start(plan, disk.newLearner(), 2);
  }
}
