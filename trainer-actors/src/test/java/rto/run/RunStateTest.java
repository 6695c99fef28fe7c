package rto.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          checkpoint(0),
          new IterationStarted(1, weights(1)),
          accepted(1, 0),
          new RunPaused(),
          accepted(1, 1),
          learned(1),
          new RunContinued(),
          checkpoint(1),
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

  static CheckpointWritten checkpoint(int iteration) {
    return new CheckpointWritten(iteration, "checkpoint-" + iteration, "digest-" + (iteration + 1));
  }

  private static RunState after(RunState state, RunEvent... events) {
    for (RunEvent event : events) {
      state = RunState.TRANSITIONS.apply(state, event);
    }
    return state;
  }

  @Test
  void openTasksAreThoseOfBegunIterationsThatAreNotAccepted() {
    assertThat(RunState.empty().openTasks(2)).isEmpty();
    // Two of three tasks of iteration 0 are in, and iteration 1 has begun ahead of its time.
    var state = RunState.after(LIFE.subList(0, 4)).openTasks(3);
    assertThat(state).containsExactly(new TaskId(0, 2));
    var ahead = new ArrayList<>(LIFE.subList(0, 4));
    ahead.add(new IterationStarted(1, weights(0)));
    assertThat(RunState.after(ahead).openTasks(3))
        .containsExactly(new TaskId(0, 2), new TaskId(1, 0), new TaskId(1, 1), new TaskId(1, 2));
    assertThat(RunState.after(LIFE.subList(0, 5)).openTasks(2)).as("learned").isEmpty();
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
  void checkpointDropsTheTrajectoriesThatTheOneBeforeItCovers() {
    RunState first = RunState.after(LIFE.subList(0, 6));
    RunState second = RunState.after(LIFE.subList(0, 13));

    assertThat(first.open()).as("should the first checkpoint be damaged").containsOnlyKeys(0);
    assertThat(second.open()).as("should the second be").containsOnlyKeys(1);
    assertThat(second.learned()).isEqualTo(2);
    assertThat(second.checkpoints()).containsExactly(checkpoint(0), checkpoint(1));
  }

  @Test
  void learnerStartsFromTheLastCheckpointOrFromTheOneBefore() {
    RunState two = RunState.after(LIFE.subList(0, 13));
    RunState third = after(two, new IterationStarted(2, weights(2)), learned(2), checkpoint(2));

    assertThat(RunState.empty().starts()).containsExactly(Optional.empty());
    assertThat(RunState.after(LIFE.subList(0, 6)).starts())
        .containsExactly(Optional.of(checkpoint(0)), Optional.empty());
    assertThat(two.starts())
        .containsExactly(Optional.of(checkpoint(1)), Optional.of(checkpoint(0)));
    assertThat(third.starts())
        .containsExactly(Optional.of(checkpoint(2)), Optional.of(checkpoint(1)));
    assertThat(third.open()).containsOnlyKeys(2);
  }

  @Test
  void checkpointThatIsWrittenAgainChangesNothing() {
    RunState two = RunState.after(LIFE.subList(0, 13));

    assertThat(after(two, checkpoint(1))).isEqualTo(two);
  }

  @Test
  void journalThatHasDroppedMoreIsNoReasonToStartEarlier() {
    // As written when nothing was kept but what followed the last checkpoint.
    RunState older =
        RunState.after(List.of(LIFE.get(0), learned(3), checkpoint(3), new RunPaused()));

    assertThat(older.starts()).containsExactly(Optional.of(checkpoint(3)));
    assertThat(older.learned()).isEqualTo(4);
    assertThat(RunState.after(older.snapshot().events())).isEqualTo(older);
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
