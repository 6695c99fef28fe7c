package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.Pause;
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
