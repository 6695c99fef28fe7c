package rto.rollout;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import rto.checkpoint.ScratchFile;
import rto.protocol.Require;
import rto.protocol.RolloutTask;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;

/**
 * The engine that a worker's slots share, and which version it holds. Installing and sampling are
 * one call on the one compute thread, so no slot samples with weights that another one chose.
 */
final class SharedPolicy {

  private final PolicyEngine engine;
  private Optional<WeightsRef> installed = Optional.empty();

  SharedPolicy(PolicyEngine engine) {
    this.engine = engine;
  }

  /** Samples a task with the weights that it names; {@code snapshot} is those weights' bytes. */
  List<Trajectory> sample(RolloutTask task, ScratchFile snapshot) {
    var before = installed;
    // Unknown until this call has succeeded: an engine that threw gets its weights anew.
    installed = Optional.empty();
    if (!before.equals(Optional.of(task.weights()))) {
      engine.install(task.weights(), snapshot);
    }
    List<Trajectory> trajectories = engine.sample(task);
    check(task, trajectories);
    installed = Optional.of(task.weights());
    return trajectories;
  }

  private static void check(RolloutTask task, List<Trajectory> trajectories) {
    int expected = task.prompts().size() * task.samplesPerPrompt();
    Require.that(
        trajectories.size() == expected,
        "task %s: %s trajectories (expected: %s)",
        task.id(),
        trajectories.size(),
        expected);
    trajectories.forEach(trajectory -> check(task, trajectory));
  }

  private static void check(RolloutTask task, Trajectory trajectory) {
    Require.that(
        trajectory.policyVersion() == task.weights().version(),
        "task %s: sampled by policy version %s (expected: %s)",
        task.id(),
        trajectory.policyVersion(),
        task.weights().version());
    float[] logProbs = trajectory.logProbs();
    Require.that(
        IntStream.range(0, logProbs.length).allMatch(t -> Float.isFinite(logProbs[t])),
        "task %s: log-probs of a response to prompt %s: NaN or infinite (expected: finite)",
        task.id(),
        trajectory.prompt().index());
  }
}
