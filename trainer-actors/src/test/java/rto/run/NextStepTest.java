package rto.run;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunEvent.RunPaused;
import rto.protocol.RunEvent.RunStarted;

class NextStepTest {

  private static final RunPlan PLAN =
      new RunPlan("run", "config", 2, 2, 1, 0, Deadlines.standard());

  /** Steps as words. */
  static final NextStep.Steps<String> WORDS =
      new NextStep.Steps<>() {
        @Override
        public String persist(RunEvent event) {
          return "persist " + event.getClass().getSimpleName();
        }

        @Override
        public String refuse(String reason) {
          return "refuse " + reason;
        }

        @Override
        public String end(RunFinished finished) {
          return "end " + finished.digest();
        }

        @Override
        public String restore(List<Optional<CheckpointWritten>> starts) {
          return starts.stream()
              .map(start -> start.map(CheckpointWritten::folder).orElse("the first policy"))
              .collect(joining(", or ", "restore ", ""));
        }

        @Override
        public String learn(IterationJournal iteration, List<IterationJournal> ahead) {
          return "learn " + iteration.iteration() + words(" while ", ahead);
        }

        @Override
        public String writeCheckpoint(int iteration) {
          return "checkpoint " + iteration;
        }

        @Override
        public String rest() {
          return "rest";
        }

        @Override
        public String collect(IterationJournal iteration, List<IterationJournal> ahead) {
          return words("collect ", List.of(iteration)) + words(" and ", ahead);
        }

        private String words(String before, List<IterationJournal> iterations) {
          return iterations.stream()
              .map(begun -> begun.missing(2) + " of " + begun.iteration())
              .collect(joining(", ", iterations.isEmpty() ? "" : before, ""));
        }
      };

  @Test
  void undisturbedRunTakesItsStepsInOrder() {
    // The learner is where the journal is; RunStateTest.LIFE is paused for a while in iteration 1.
    var steps =
        IntStream.rangeClosed(0, RunStateTest.LIFE.size())
            .mapToObj(events -> next(events, RunState.after(life(events))))
            .toList();

    assertThat(steps)
        .containsExactly(
            "persist RunStarted",
            "persist IterationStarted",
            "collect [0, 1] of 0",
            "collect [0] of 0",
            "learn 0",
            "checkpoint 0",
            "persist IterationStarted",
            "collect [0, 1] of 1",
            "collect [1] of 1",
            "collect [1] of 1",
            "learn 1",
            "checkpoint 1",
            "checkpoint 1",
            "persist RunFinished",
            "end digest-2");
  }

  @Test
  void restartedRunRestoresItsLastCheckpointFirst() {
    assertThat(nextWithoutLearner(1)).isEqualTo("restore the first policy");
    assertThat(nextWithoutLearner(5)).isEqualTo("restore the first policy");
    assertThat(nextWithoutLearner(6)).isEqualTo("restore checkpoint-0, or the first policy");
    assertThat(nextWithoutLearner(11)).isEqualTo("restore checkpoint-0, or the first policy");
    assertThat(nextWithoutLearner(13)).isEqualTo("restore checkpoint-1, or checkpoint-0");
    assertThat(nextWithoutLearner(14))
        .as("finished: the last checkpoint is the result")
        .isEqualTo("restore checkpoint-1, or checkpoint-0");
  }

  @Test
  void checkpointThatWasDamagedIsWrittenAgain() {
    // Both iterations are learned and have a checkpoint; the last one was damaged.
    assertThat(next(14, 1, 1)).isEqualTo("learn 1");
    assertThat(next(14, 2, 1)).isEqualTo("checkpoint 1");
    assertThat(next(14, 2, 2)).isEqualTo("end digest-2");
    // Both were, and it began with the first policy.
    assertThat(next(11, 0, 0)).isEqualTo("learn 0");
    assertThat(next(11, 1, 0)).isEqualTo("checkpoint 0");
    assertThat(next(11, 1, 1)).isEqualTo("learn 1");
  }

  @Test
  void learnerBehindTheJournalLearnsTheJournalledIterationAgain() {
    assertThat(next(5, 0)).isEqualTo("learn 0");
    assertThat(next(11, 1)).isEqualTo("learn 1");
  }

  @Test
  void pausedRunFinishesItsIterationAndRests() {
    var paused = new java.util.ArrayList<>(life(6));
    paused.add(new RunPaused());

    assertThat(step(RunState.after(paused), 1)).isEqualTo("rest");
  }

  @Test
  void journalOfAnotherRunOrConfigIsRefusedWithBoth() {
    var other = RunState.after(List.of(new RunStarted("other", "config")));
    var changed = RunState.after(List.of(new RunStarted("run", "changed")));

    assertThat(step(other, 0)).startsWith("refuse run: run with config config (expected: other");
    assertThat(step(changed, 0)).contains("(expected: run with config changed");
  }

  @Test
  void learnerWithAnotherPolicyThanTheJournalNamesIsRefused() {
    var state = RunState.after(life(2));
    var stranger =
        new LearnerPosition(
            new rto.protocol.WeightsRef(0, "f".repeat(64), 10), "digest-0", null, 0);

    assertThat(NextStep.of(PLAN, state, Optional.of(stranger), WORDS))
        .startsWith("refuse policy of iteration 0: WeightsRef[version=0, sha256=ffff");
  }

  private static String next(int events, RunState state) {
    int saved = state.starts().get(0).map(last -> last.iteration() + 1).orElse(0);
    return next(events, state.learned(), saved);
  }

  private static String next(int events, int learnerVersion) {
    return next(events, learnerVersion, learnerVersion);
  }

  private static String next(int events, int learnerVersion, int saved) {
    return step(RunState.after(life(events)), learnerVersion, saved);
  }

  private static String nextWithoutLearner(int events) {
    return NextStep.of(PLAN, RunState.after(life(events)), Optional.empty(), WORDS);
  }

  private static String step(RunState state, int learnerVersion) {
    return step(state, learnerVersion, learnerVersion);
  }

  private static String step(RunState state, int learnerVersion, int saved) {
    var position =
        new LearnerPosition(
            RunStateTest.weights(learnerVersion), "digest-" + learnerVersion, null, saved);
    return NextStep.of(PLAN, state, Optional.of(position), WORDS);
  }

  private static List<RunEvent> life(int events) {
    return RunStateTest.LIFE.subList(0, events);
  }
}
