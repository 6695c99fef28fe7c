package rto.run;

import java.util.Optional;
import java.util.stream.Stream;
import rto.protocol.LearnerReply.Restored;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.RunStarted;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;

/** Where what happens must equal what is journalled; each names both sides when it does not. */
final class Mismatch {

  private Mismatch() {}

  /** The run that is asked for against the run that the journal holds. */
  static Optional<String> ofRun(RunStarted planned, RunStarted journalled) {
    return unless(
        planned.equals(journalled),
        "run: %s with config %s (expected: %s with config %s, which the journal in this folder"
            + " holds; give another run another folder)",
        planned.run(),
        planned.configDigest(),
        journalled.run(),
        journalled.configDigest());
  }

  /**
   * The policy that samples each open iteration against the plan, and against the learner's if it
   * is that version.
   */
  static Optional<String> ofPolicies(RunPlan plan, RunState state, LearnerPosition learner) {
    return state.open().values().stream()
        .map(IterationJournal::start)
        .flatMap(start -> Stream.of(ofVersion(plan, start), ofPolicy(learner, start)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> ofVersion(RunPlan plan, IterationStarted start) {
    int expected = plan.policyVersion(start.iteration());
    return unless(
        start.weights().version() == expected,
        "policy of iteration %s: version %s (expected: %s, with a staleness of %s)",
        start.iteration(),
        start.weights().version(),
        expected,
        plan.staleness());
  }

  private static Optional<String> ofPolicy(LearnerPosition learner, IterationStarted journalled) {
    return unless(
        learner.learned() != journalled.weights().version()
            || learner.weights().equals(journalled.weights()),
        "policy of iteration %s: %s (expected: %s, as journalled)",
        journalled.iteration(),
        learner.weights(),
        journalled.weights());
  }

  /** The restored state against the journalled checkpoint, or the first policy if that is empty. */
  static Optional<String> ofRestored(Optional<CheckpointWritten> start, Restored reply) {
    String expected = start.map(CheckpointWritten::digest).orElse(reply.digest());
    int learned = RunState.learnedAt(start);
    return unless(
        reply.digest().equals(expected) && reply.weights().version() == learned,
        "restored state: version %s, digest %s (expected: version %s, digest %s, as journalled)",
        reply.weights().version(),
        reply.digest(),
        learned,
        expected);
  }

  /** An iteration that was learned again after a restart against the first time. */
  static Optional<String> ofLearnedAgain(RunState state, IterationLearned again) {
    var before = state.open().get(again.iteration()).learned().orElseThrow();
    return unless(
        again.digest().equals(before.digest()) && again.weights().equals(before.weights()),
        "iteration %s learned again: digest %s, %s (expected: digest %s, %s, as journalled;"
            + " another kind of hardware or another thread count?)",
        again.iteration(),
        again.digest(),
        again.weights(),
        before.digest(),
        before.weights());
  }

  /** A checkpoint against the state that it was written from. */
  static Optional<String> ofCheckpoint(String digest, CheckpointWritten written) {
    return unless(
        written.digest().equals(digest),
        "checkpoint %s: digest %s (expected: %s)",
        written.folder(),
        written.digest(),
        digest);
  }

  /** A task's trajectories against the policy version that must have sampled them. */
  static Optional<TaskFailed> ofVersion(int expected, ScoreTask task) {
    return task.trajectories().stream()
        .map(scored -> scored.trajectory().policyVersion())
        .filter(version -> version != expected)
        .findFirst()
        .map(version -> String.format("policy version: %s (expected: %s)", version, expected))
        .map(why -> new TaskFailed(task.run(), task.id(), task.worker().path().toString(), why));
  }

  private static Optional<String> unless(boolean equal, String message, Object... args) {
    return equal ? Optional.empty() : Optional.of(String.format(message, args));
  }
}
