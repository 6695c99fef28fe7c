package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.learner.LearnerEngine;
import rto.protocol.Prompt;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.Pause;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;
import rto.run.RunPlan;

/** With a staleness of 1 an iteration is sampled while the one before it is learned. */
class OverlapTest {

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
  void anIterationIsSampledWhileTheOneBeforeItIsLearned() {
    var plan = Tasks.plan("overlapping", 4, 3, 4, 1);
    // Learns an iteration only once all of the next one is in the journal: without an overlap that
    // would be never.
    IntPredicate nextIsIn =
        k -> k == plan.iterations() - 1 || accepted(k + 1).size() == plan.tasksPerIteration();
    var learner = new WaitingLearner(new HashingLearner.Disk().newLearner(), nextIsIn);

    assertThat(HOUSE.start(plan, learner, 2).await()).isEqualTo(PlainLoop.digest(plan));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noMoreIterationsAreOpenThanTheStalenessAllows(int staleness) {
    var plan = Tasks.plan("bounded", 5, 3, 5, staleness);
    HOUSE.start(plan, new HashingLearner.Disk().newLearner(), 3).await();

    int open = 0;
    var seen = new ArrayList<Integer>();
    for (Object event : HOUSE.events()) {
      open += event instanceof IterationStarted ? 1 : event instanceof IterationLearned ? -1 : 0;
      seen.add(open);
    }
    assertThat(seen).contains(staleness + 1).allMatch(n -> n <= staleness + 1);
  }

  @Test
  void anIterationIsSampledByTheVersionThatTheOneTwoBeforeItMade() {
    var plan = Tasks.plan("stale", 4, 2, 4, 1);
    HOUSE.start(plan, new HashingLearner.Disk().newLearner(), 2).await();

    List<WeightsRef> made =
        events(IterationLearned.class).stream().map(IterationLearned::weights).toList();
    List<WeightsRef> sampling =
        events(IterationStarted.class).stream().map(IterationStarted::weights).toList();
    assertThat(sampling).hasSize(4);
    assertThat(sampling.get(0)).isEqualTo(sampling.get(1));
    assertThat(sampling.subList(2, 4)).isEqualTo(made.subList(0, 2));
    assertThat(events(TrajectoriesAccepted.class))
        .allSatisfy(
            event ->
                assertThat(event.trajectories())
                    .extracting(scored -> scored.trajectory().policyVersion())
                    .containsOnly(Math.max(0, event.id().iteration() - 1)));
  }

  @Test
  void whatIsLearnedDependsOnTheStaleness() {
    assertThat(PlainLoop.digest(Tasks.plan("p", 2, 2, 1, 1)))
        .isNotEqualTo(PlainLoop.digest(Tasks.plan("p", 2, 2, 1, 0)));
  }

  /** Iteration 1 is open from the start, and no version but 0 may sample it. */
  @Test
  void trajectoriesOfTheLearnersOwnVersionAreTooNew() {
    var plan = Tasks.plan("too-new", 2, 1, 2, 1);
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    TestProbe<TaskAccepted> worker = HOUSE.kit.createTestProbe();
    HOUSE.awaitPhase(run, "rolling-out");

    IntStream.range(0, 3).forEach(i -> run.tell(scored(plan, new TaskId(1, 0), 1, worker)));

    assertThat(outcome.await()).contains("task 1/0").contains("policy version: 1 (expected: 0)");
    assertThat(events(TrajectoriesAccepted.class)).isEmpty();
  }

  /** 0 learned; 1 and 2 open. A run on policy would take version 1 for iteration 1. */
  @Test
  void anIterationThatMayNotBeginYetIsNotAwaited() {
    var plan = Tasks.plan("too-early", 3, 1, 3, 1);
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), new Outcome());
    TestProbe<TaskAccepted> worker = HOUSE.kit.createTestProbe();
    HOUSE.awaitPhase(run, "rolling-out");

    run.tell(scored(plan, new TaskId(2, 0), 1, worker));
    run.tell(scored(plan, new TaskId(1, 0), 0, worker));

    worker.expectMessage(new TaskAccepted(new TaskId(1, 0)));
    assertThat(accepted(1)).hasSize(1);
    assertThat(accepted(2)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void runWhoseLivesAreDrawnFromASeedEndsWithTheDigestOfThePlainLoop(long seed) {
    var random = new Random(seed);
    var plan = Tasks.plan("lives", 6, 3, 1 + random.nextInt(3), 1);
    var disk = new HashingLearner.Disk();
    for (int life = 0; life < 5; life++) {
      HOUSE.failAfter(1 + random.nextInt(8));
      HOUSE.start(plan, disk.newLearner(), 1 + random.nextInt(3)).await();
      HOUSE.stopAll();
    }
    HOUSE.journal.resetPolicy();

    assertThat(HOUSE.start(plan, disk.newLearner(), 2).await())
        .as("seed " + seed)
        .isEqualTo(PlainLoop.digest(plan));
  }

  @Test
  void pausedRunRestsBeforeTheNextIterationIsToBeginAndContinuesAfterARestart() {
    var plan = Tasks.plan("paused", 3, 1, 1, 1);
    var disk = new HashingLearner.Disk();
    var run = HOUSE.startRun(plan, disk.newLearner(), new Outcome());
    HOUSE.awaitPhase(run, "rolling-out");
    run.tell(new Pause());
    HOUSE.startWorker(plan, new HashingPolicy(), HOUSE.startScorers(plan, run), run);
    HOUSE.awaitPhase(run, "paused");
    // Both that had begun are sampled; 1 is not learned before 2, of the same version, begins.
    assertThat(accepted(1)).hasSize(1);
    assertThat(events(IterationLearned.class)).hasSize(1);
    HOUSE.stopAll();

    var outcome = new Outcome();
    var again = HOUSE.startRun(plan, disk.newLearner(), outcome);
    HOUSE.startWorker(plan, new HashingPolicy(), HOUSE.startScorers(plan, again), again);
    HOUSE.awaitPhase(again, "paused");
    again.tell(new Continue());

    assertThat(outcome.await()).isEqualTo(PlainLoop.digest(plan));
  }

  private static <E> List<E> events(Class<E> type) {
    return HOUSE.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<TaskId> accepted(int iteration) {
    return events(TrajectoriesAccepted.class).stream()
        .map(TrajectoriesAccepted::id)
        .filter(id -> id.iteration() == iteration)
        .toList();
  }

  private static ScoreTask scored(
      RunPlan plan, TaskId id, int version, TestProbe<TaskAccepted> worker) {
    var prompt = new Prompt(0, new int[] {1});
    var sampled = new Trajectory(prompt, 0, new int[] {1}, new float[] {-1}, false, version);
    var unscored = List.of(ScoredTrajectory.unscored(sampled));
    return new ScoreTask(plan.run(), id, unscored, worker.getRef());
  }

  /** Learns an iteration when it is allowed to. */
  private record WaitingLearner(LearnerEngine inner, IntPredicate allowed)
      implements LearnerEngine {

    @Override
    public Snapshot restore(Optional<String> checkpointFolder) {
      return inner.restore(checkpointFolder);
    }

    @Override
    public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
      HOUSE.kit.createTestProbe().awaitAssert(() -> isAllowed(iteration));
      return inner.learn(iteration, inTaskOrder);
    }

    private Void isAllowed(int iteration) {
      assertThat(allowed.test(iteration)).isTrue();
      return null;
    }

    @Override
    public Written writeCheckpoint(int iteration) {
      return inner.writeCheckpoint(iteration);
    }

    @Override
    public void dropCheckpoints(List<String> needed) {
      inner.dropCheckpoints(needed);
    }
  }
}
