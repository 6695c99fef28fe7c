package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.GetStatus;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunStatus;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.run.RunObserver;
import rto.run.RunPlan;
import rto.scoring.RewardScorer;
import rto.scoring.ScorerDoor;

/** What cannot go on says why; what can, does. */
class FailureTest {

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
  void taskThatFailsOnThreeWorkersStopsTheRunWithItsPrompts() {
    var plan = Tasks.plan("quarantined", 2, 3, 1);
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);

    HOUSE.startWorker(
        plan, new FailingPolicy(new TaskId(0, 1)), HOUSE.startScorers(plan, run), run);

    assertThat(outcome.await())
        .contains("task 0/1")
        .contains("prompt 2 [1, 2]; prompt 3 [1, 3]")
        .contains("failed on three workers")
        .containsPattern("(slot-\\d+: .*no luck with 0/1.*){3}");
    assertThat(status(run).phase()).isEqualTo("failed");
  }

  @Test
  void duplicateIsAcknowledgedAgainAndJournalledOnce() {
    var plan = Tasks.plan("duplicates", 1, 2, 1);
    var learner = new HashingLearner.Disk().newLearner();
    var run = HOUSE.startRun(plan, learner, new Outcome());
    TestProbe<TaskAccepted> worker = HOUSE.kit.createTestProbe();
    HOUSE.awaitPhase(run, "rolling-out");
    var task = scored(plan, new TaskId(0, 1), 0, worker);

    run.tell(task);
    run.tell(task);

    worker.expectMessage(new TaskAccepted(task.id()));
    worker.expectMessage(new TaskAccepted(task.id()));
    assertThat(HOUSE.events().stream().filter(TrajectoriesAccepted.class::isInstance)).hasSize(1);
  }

  @Test
  void trajectoriesOfAnotherPolicyVersionAreRefused() {
    var plan = Tasks.plan("stale", 1, 1, 1);
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    TestProbe<TaskAccepted> worker = HOUSE.kit.createTestProbe();
    HOUSE.awaitPhase(run, "rolling-out");

    for (int i = 0; i < 3; i++) {
      run.tell(scored(plan, new TaskId(0, 0), 7, worker));
    }

    assertThat(outcome.await()).contains("policy version: 7 (expected: 0)");
  }

  @Test
  void runWithoutWorkersSaysSoAndGoesOnWhenOneComes() {
    var plan = Tasks.plan("lonely", 1, 1, 1);
    var outcome = new Outcome();

    var run =
        LoggingTestKit.warn("no rollout worker has registered: tasks [0] of iteration 0")
            .expect(
                HOUSE.kit.system(),
                () -> HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome));
    HOUSE.startWorker(plan, new HashingPolicy(), HOUSE.startScorers(plan, run), run);

    assertThat(outcome.await()).matches("[0-9a-f]{64}");
  }

  @Test
  void missingScorerIsNamedAndTheTaskComesAgainWhenItIsThere() {
    var plan = Tasks.plan("unscored", 1, 1, 1);
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    var door = HOUSE.started(HOUSE.kit.spawn(ScorerDoor.create(RewardScorer.key(plan.run()))));

    LoggingTestKit.warn("no scorer 'reward-unscored' has registered")
        .expect(HOUSE.kit.system(), () -> HOUSE.startWorker(plan, new HashingPolicy(), door, run));
    var late =
        RewardScorer.create(plan.run(), Scorers::all, House.singleThread(), run.narrow(), run);
    HOUSE.started(HOUSE.kit.spawn(late));

    assertThat(outcome.await()).matches("[0-9a-f]{64}");
  }

  @Test
  void learnerThatFailsEndsTheRunWithItsReason() {
    var plan = Tasks.plan("unlearned", 1, 1, 1);
    var learner =
        new FailingLearner(new HashingLearner.Disk().newLearner(), "loss is NaN at minibatch 3");

    assertThat(HOUSE.start(plan, learner, 1).await())
        .contains("learn iteration 0")
        .contains("loss is NaN at minibatch 3");
  }

  @Test
  void observerThatFailsEndsTheRunAndIsToldThatIterationAgain() {
    var plan = Tasks.plan("unobserved", 4, 1, 1);
    var full =
        new RunObserver() {
          private final Outcome outcome = new Outcome();

          @Override
          public void learned(IterationLearned event, boolean replayed) {
            if (event.iteration() == 1) {
              throw new UncheckedIOException("metrics.jsonl: disk full", new IOException());
            }
          }

          @Override
          public void finished(String digest) {
            outcome.finished(digest);
          }

          @Override
          public void failed(String reason) {
            outcome.failed(reason);
          }
        };
    var disk = new HashingLearner.Disk();
    HOUSE.start(plan, disk.newLearner(), full, 1);
    assertThat(full.outcome.await()).isEqualTo("failed: metrics.jsonl: disk full");
    HOUSE.stopAll();
    assertThat(disk.names()).as("nothing was done after that").containsExactly("checkpoint-0");

    var again = HOUSE.start(plan, disk.newLearner(), 1);

    assertThat(again.await()).matches("[0-9a-f]{64}");
    assertThat(again.replayed()).contains(1);
  }

  @Test
  void iterationThatIsLearnedDifferentlyAfterARestartStopsTheRunWithBothDigests() {
    var plan = Tasks.plan("unfaithful", 3, 1, 3);
    // Dies at the start of iteration 1: iteration 0 is journalled, no checkpoint.
    HOUSE.failAfter(4);
    HOUSE.start(plan, new HashingLearner.Disk().newLearner(), 1).await();
    HOUSE.stopAll();
    HOUSE.journal.resetPolicy();
    String journalled =
        HOUSE.events().stream()
            .filter(IterationLearned.class::isInstance)
            .map(event -> ((IterationLearned) event).digest())
            .findFirst()
            .orElseThrow();

    var other = new ForgetfulLearner(new HashingLearner.Disk().newLearner());

    assertThat(HOUSE.start(plan, other, 1).await())
        .contains("iteration 0 learned again: digest ")
        .contains("expected: digest " + journalled);
  }

  @Test
  void anotherConfigIsRefusedWithBothDigests() {
    var plan = Tasks.plan("config", 1, 1, 1);
    HOUSE.start(plan, new HashingLearner.Disk().newLearner(), 1).await();
    HOUSE.stopAll();
    var other = new RunPlan("config", "config-2", 1, 1, 1, 0, plan.deadlines());

    assertThat(HOUSE.start(other, new HashingLearner.Disk().newLearner(), 1).await())
        .contains("config with config config-2 (expected: config with config config,");
  }

  private static ScoreTask scored(
      RunPlan plan, TaskId id, int version, TestProbe<TaskAccepted> worker) {
    var prompt = new Prompt(0, new int[] {1});
    var sampled = new Trajectory(prompt, 0, new int[] {1}, new float[] {-1}, false, version);
    var unscored = List.of(ScoredTrajectory.unscored(sampled));
    return new ScoreTask(plan.run(), id, unscored, worker.getRef());
  }

  private static RunStatus status(ActorRef<RunMessage> run) {
    TestProbe<RunStatus> probe = HOUSE.kit.createTestProbe();
    run.tell(new GetStatus(probe.getRef()));
    return probe.receiveMessage();
  }

  private static final class FailingPolicy extends HashingPolicy {
    private final TaskId unlucky;

    FailingPolicy(TaskId unlucky) {
      this.unlucky = unlucky;
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      if (task.id().equals(unlucky)) {
        throw new IllegalStateException("no luck with " + unlucky);
      }
      return super.sample(task);
    }
  }
}
