package rto.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rto.protocol.Prompt;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.RunContinued;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunEvent.RunPaused;
import rto.protocol.RunEvent.RunStarted;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;

class RunStateTest {

  /** Two iterations of two tasks with a checkpoint after the first, paused in the second. */
  static final List<RunEvent> LIFE =
      List.of(
          new RunStarted("run", "config"),
          new IterationStarted(0, weights(0)),
          accepted(0, 1),
          accepted(0, 0),
          learned(0),
          new CheckpointWritten(0, "checkpoint-0", "digest-1"),
          new IterationStarted(1, weights(1)),
          accepted(1, 0),
          new RunPaused(),
          accepted(1, 1),
          learned(1),
          new RunContinued(),
          new CheckpointWritten(1, "checkpoint-1", "digest-2"),
          new RunFinished("digest-2"));

  static WeightsRef weights(int version) {
    return new WeightsRef(version, Integer.toString(version).repeat(64), 10);
  }

  static TrajectoriesAccepted accepted(int iteration, int index) {
    var prompt = new Prompt(index, new int[] {1});
    var sampled = new Trajectory(prompt, 0, new int[] {index}, new float[] {-1}, false, iteration);
    return new TrajectoriesAccepted(
        new TaskId(iteration, index), List.of(ScoredTrajectory.unscored(sampled)));
  }

  static IterationLearned learned(int iteration) {
    return new IterationLearned(
        iteration, weights(iteration + 1), "digest-" + (iteration + 1), Map.of("loss", 1.0));
  }

  @Test
  void snapshotLeadsToTheSameStateAfterEveryEvent() {
    for (int events = 0; events <= LIFE.size(); events++) {
      RunState state = RunState.after(LIFE.subList(0, events));

      assertThat(RunState.after(state.snapshot().events()))
          .as("after " + events + " events")
          .isEqualTo(state);
    }
  }

  @Test
  void snapshotIsNeverLongerThanTheJournal() {
    for (int events = 0; events <= LIFE.size(); events++) {
      assertThat(RunState.after(LIFE.subList(0, events)).snapshot().events())
          .hasSizeLessThanOrEqualTo(events);
    }
  }

  @Test
  void checkpointDropsTheTrajectoriesThatItCovers() {
    RunState state = RunState.after(LIFE.subList(0, 6));

    // Start, the learned iteration, the checkpoint: no trajectories.
    assertThat(state.snapshot().events()).containsExactly(LIFE.get(0), LIFE.get(4), LIFE.get(5));
    assertThat(state.learned()).isEqualTo(1);
    assertThat(state.checkpointed()).isEqualTo(1);
  }

  @Test
  void trajectoriesAreInTaskOrderWhateverOrderTheyCameIn() {
    RunState state = RunState.after(LIFE.subList(0, 4));

    var firstTokens = new ArrayList<Integer>();
    state
        .current()
        .orElseThrow()
        .inTaskOrder()
        .forEach(scored -> firstTokens.add(scored.trajectory().response()[0]));

    assertThat(firstTokens).containsExactly(0, 1);
  }

  @Test
  void acceptedTasksAreKnownAlsoWhenTheirIterationIsOver() {
    RunState collecting = RunState.after(LIFE.subList(0, 8));

    assertThat(collecting.hasAccepted(new TaskId(0, 1))).isTrue();
    assertThat(collecting.hasAccepted(new TaskId(1, 0))).isTrue();
    assertThat(collecting.hasAccepted(new TaskId(1, 1))).isFalse();
    assertThat(collecting.misses(new TaskId(1, 1), 2)).isTrue();
    assertThat(collecting.misses(new TaskId(1, 2), 2)).as("beyond the last task").isFalse();
    assertThat(collecting.misses(new TaskId(2, 0), 2)).as("an iteration to come").isFalse();
  }
}
