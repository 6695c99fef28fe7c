package rto.run;

import java.util.Optional;
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

  /** The learner's policy against the one that samples the iteration. */
  static Optional<String> ofPolicy(LearnerPosition learner, IterationStarted journalled) {
    return unless(
        learner.weights().equals(journalled.weights()),
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
