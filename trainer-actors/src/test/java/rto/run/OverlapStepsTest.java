package rto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static rto.run.RunStateTest.accepted;
import static rto.run.RunStateTest.learned;
import static rto.run.RunStateTest.weights;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunEvent.RunPaused;
import rto.protocol.RunEvent.RunStarted;
import rto.protocol.TaskId;

/** What a run does next, and what it holds, with a staleness of 1. */
class OverlapStepsTest {

  private static final RunPlan PLAN =
      new RunPlan("run", "config", 3, 2, 1, 1, Deadlines.standard());

  /** Three iterations of two tasks with a checkpoint after each; workers are a little ahead. */
  private static final List<RunEvent> LIFE =
      List.of(
          new RunStarted("run", "config"),
          new IterationStarted(0, weights(0)),
          new IterationStarted(1, weights(0)),
          accepted(0, 0),
          accepted(1, 1),
          accepted(0, 1),
          learned(0),
          new IterationStarted(2, weights(1)),
          accepted(1, 0),
          new CheckpointWritten(0, "checkpoint-0", "digest-1"),
          accepted(2, 0),
          learned(1),
          accepted(2, 1),
          new CheckpointWritten(1, "checkpoint-1", "digest-2"),
          learned(2),
          new CheckpointWritten(2, "checkpoint-2", "digest-3"),
          new RunFinished("digest-3"));

  @Test
  void theNextIterationIsOfferedBeforeTheLearnerBegins() {
    var steps = IntStream.rangeClosed(0, LIFE.size()).mapToObj(this::next).toList();

    assertThat(steps)
        .containsExactly(
            "persist RunStarted",
            "persist IterationStarted",
            "persist IterationStarted",
            "collect [0, 1] of 0 and [0, 1] of 1",
            "collect [1] of 0 and [0, 1] of 1",
            "collect [1] of 0 and [0] of 1",
            "learn 0 while [0] of 1",
            "persist IterationStarted",
            "collect [0] of 1 and [0, 1] of 2",
            "checkpoint 0", // not before the last task of version 0 is in
            "learn 1 while [0, 1] of 2",
            "learn 1 while [1] of 2",
            "collect [1] of 2", // no iteration 3
            "checkpoint 1",
            "learn 2",
            "checkpoint 2",
            "persist RunFinished",
            "end digest-3");
  }

  @Test
  void learnerBehindTheJournalLearnsAgainBeforeAnythingIsOffered() {
    // Iterations 0 and 1 are learned and 2 is half in; the checkpoint is after iteration 0.
    assertThat(step(RunState.after(life(12)), 1)).isEqualTo("learn 1");
  }

  @Test
  void pausedRunLearnsNothingWhoseSuccessorMayNotBegin() {
    var paused = Stream.concat(life(7).stream(), Stream.of(new RunPaused())).toList();
    var sampled = Stream.concat(paused.stream(), Stream.of(accepted(1, 0))).toList();
    var saved = Stream.concat(sampled.stream(), Stream.of(LIFE.get(9))).toList();

    assertThat(step(RunState.after(paused), 1)).isEqualTo("collect [0] of 1");
    assertThat(step(RunState.after(sampled), 1)).isEqualTo("checkpoint 0");
    assertThat(step(RunState.after(saved), 1)).isEqualTo("rest");
  }

  @Test
  void iterationOfAnyOtherVersionIsRefused() {
    var onPolicy = Stream.concat(life(7).stream(), Stream.of(new IterationStarted(2, weights(2))));

    assertThat(step(RunState.after(onPolicy.toList()), 1))
        .isEqualTo("refuse policy of iteration 2: version 2 (expected: 1, with a staleness of 1)");
  }

  @Test
  void learnerWithAnotherPolicyThanTheOneThatSamplesIsRefused() {
    var other = new IterationStarted(1, new rto.protocol.WeightsRef(0, "f".repeat(64), 10));
    var state = RunState.after(Stream.concat(life(2).stream(), Stream.of(other)).toList());

    assertThat(step(state, 0)).startsWith("refuse policy of iteration 1: WeightsRef[version=0");
  }

  @Test
  void bothOpenIterationsAreAwaitedAndNoOther() {
    RunState state = RunState.after(life(5));

    assertThat(state.misses(new TaskId(0, 1), 2)).isTrue();
    assertThat(state.misses(new TaskId(1, 0), 2)).isTrue();
    assertThat(state.misses(new TaskId(1, 1), 2)).as("accepted").isFalse();
    assertThat(state.hasAccepted(new TaskId(1, 1))).isTrue();
    assertThat(state.hasAccepted(new TaskId(1, 0))).isFalse();
    assertThat(state.misses(new TaskId(2, 0), 2)).as("an iteration to come").isFalse();
  }

  @Test
  void checkpointKeepsWhatIsOpenAlsoInAJournalSnapshot() {
    RunState state = RunState.after(life(10));

    assertThat(state.open()).containsKeys(1, 2);
    for (int events = 0; events <= LIFE.size(); events++) {
      RunState then = RunState.after(life(events));
      assertThat(RunState.after(then.snapshot().events())).as("after " + events).isEqualTo(then);
    }
  }

  private String next(int events) {
    RunState state = RunState.after(life(events));
    return step(state, state.learned());
  }

  private static String step(RunState state, int learnerVersion) {
    int saved = RunState.learnedAt(state.starts().get(0));
    var position =
        new LearnerPosition(weights(learnerVersion), "digest-" + learnerVersion, null, saved);
    return NextStep.of(PLAN, state, Optional.of(position), NextStepTest.WORDS);
  }

  private static List<RunEvent> life(int events) {
    return LIFE.subList(0, events);
  }
}
