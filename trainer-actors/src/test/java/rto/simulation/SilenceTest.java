package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rto.protocol.RolloutTask;
import rto.protocol.Trajectory;
import rto.run.Deadlines;
import rto.run.RunPlan;
import rto.scoring.TrajectoryScorer;

/**
 * Whatever hangs, lags or answers nonsense is named within its deadline, and the run is none the
 * worse.
 */
class SilenceTest {

  private static final House HOUSE = new House();
  private static final Duration DEADLINE = Duration.ofMillis(500);

  /** What hangs, hangs until it opens. */
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterAll
  static void close() {
    HOUSE.close();
  }

  @AfterEach
  void clear() {
    never.countDown();
    HOUSE.clear();
  }

  @Test
  void hungWorkerIsNamedWithItsTaskAndAnotherOneDoesIt() {
    var plan = plan("hung");
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    var scorers = HOUSE.startScorers(plan, run);
    var hung = new SlowPolicy(never);

    LoggingTestKit.warn("still waiting for tasks [0] of iteration 0")
        .withMessageRegex(".*; tasks in work: 0/0 at akka://\\S+/slot-\\d+ since \\S+Z")
        .expect(HOUSE.kit.system(), () -> HOUSE.startWorker(plan, hung, scorers, run));
    HOUSE.startWorker(plan, new HashingPolicy(), scorers, run);

    assertThat(outcome.await()).isEqualTo(PlainLoop.digest(plan));
    assertThat(hung.done.get()).as("the hung worker never came back").isZero();
  }

  @Test
  void stragglerIsNamedAndWhatItBringsAfterAnotherOneChangesNothing() throws Exception {
    var plan = plan("straggling");
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    var scorers = HOUSE.startScorers(plan, run);
    var late = new CountDownLatch(1);
    var straggler = new SlowPolicy(late);

    LoggingTestKit.warn("; tasks in work: 0/0 at ")
        .expect(HOUSE.kit.system(), () -> HOUSE.startWorker(plan, straggler, scorers, run));
    HOUSE.startWorker(plan, new HashingPolicy(), scorers, run);
    HOUSE.awaitPhase(run, "finished");
    late.countDown();

    assertThat(outcome.await()).isEqualTo(PlainLoop.digest(plan));
  }

  @Test
  void slowScorerMakesWhoWaitsForItSaySoAndTheRunIsTheSame() {
    var plan = plan("slow");
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    TrajectoryScorer slow =
        trajectories -> {
          await(never);
          return Scorers.REWARD.score(trajectories);
        };
    var scorers = HOUSE.startScorers(plan, run, slow);

    LoggingTestKit.warn("task 0/0: no word from the run since ")
        .withMessageContains("handing it to akka://")
        .expect(
            HOUSE.kit.system(), () -> HOUSE.startWorker(plan, new HashingPolicy(), scorers, run));
    never.countDown();

    assertThat(outcome.await()).isEqualTo(PlainLoop.digest(plan));
  }

  @Test
  void scorerThatAnswersNotANumberEndsTheRunWithItsNameAndTheTask() {
    var plan = plan("nonsense");
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    TrajectoryScorer nonsense = Scorers.each(scored -> scored.withReward(Double.NaN));

    HOUSE.startWorker(plan, new HashingPolicy(), HOUSE.startScorers(plan, run, nonsense), run);

    assertThat(outcome.await())
        .startsWith("failed: task 0/0")
        .contains("reward: trajectory 0: NaN (expected: a finite number)");
  }

  @Test
  void scorerThatAnswersNotANumberOnceIsAskedAgain() {
    var plan = plan("hiccup");
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    var asked = new AtomicInteger();
    TrajectoryScorer hiccup =
        trajectories ->
            asked.getAndIncrement() == 0
                ? Scorers.each(scored -> scored.withReward(Double.NaN)).score(trajectories)
                : Scorers.REWARD.score(trajectories);

    LoggingTestKit.warn("reward: trajectory 0: NaN (expected: a finite number)")
        .expect(
            HOUSE.kit.system(),
            () ->
                HOUSE.startWorker(
                    plan, new HashingPolicy(), HOUSE.startScorers(plan, run, hiccup), run));

    assertThat(outcome.await()).isEqualTo(PlainLoop.digest(plan));
  }

  private static RunPlan plan(String run) {
    var deadlines = new Deadlines(DEADLINE, DEADLINE, DEADLINE);
    return new RunPlan(run, "config", 2, 1, 1, 0, deadlines);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Samples, but not before the latch opens. */
  private static final class SlowPolicy extends HashingPolicy {

    private final CountDownLatch latch;
    private final AtomicInteger done = new AtomicInteger();

    SlowPolicy(CountDownLatch latch) {
      this.latch = latch;
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      SilenceTest.await(latch);
      done.incrementAndGet();
      return super.sample(task);
    }
  }
}
