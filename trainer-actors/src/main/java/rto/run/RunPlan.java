package rto.run;

import rto.protocol.Require;

/**
 * What a run is going to do.
 *
 * @param run the run's id
 * @param configDigest sha256 of the settings that decide the result
 * @param iterations rollout-to-publish cycles of the whole run
 * @param tasksPerIteration how many tasks the task source makes for each iteration
 * @param checkpointEvery a checkpoint follows every so many iterations, and the last
 * @param staleness η: how many versions old the policy is that samples an iteration, 0 or 1
 */
public record RunPlan(
    String run,
    String configDigest,
    int iterations,
    int tasksPerIteration,
    int checkpointEvery,
    int staleness,
    Deadlines deadlines) {

  public RunPlan {
    Require.that(!run.isBlank(), "run: '%s' (expected: a name)", run);
    Require.that(iterations > 0, "iterations: %s (expected: > 0)", iterations);
    Require.that(
        tasksPerIteration > 0, "tasks per iteration: %s (expected: > 0)", tasksPerIteration);
    Require.that(checkpointEvery > 0, "checkpoint every: %s (expected: > 0)", checkpointEvery);
    Require.that(
        staleness == 0 || staleness == 1,
        "staleness: %s (expected: 0, on-policy, or 1, one version behind)",
        staleness);
  }

  /** The version that samples the tasks of an iteration: max(0, k − η). */
  public int policyVersion(int iteration) {
    return Math.max(0, iteration - staleness);
  }

  /** The last iteration that may begin once this many are learned; η + 1 are open at most. */
  int lastToBegin(int learned) {
    return Math.min(learned + staleness, iterations - 1);
  }

  /** Whether a checkpoint follows once this many iterations are learned. */
  public boolean checkpointDue(int learned) {
    return learned > 0 && (learned % checkpointEvery == 0 || learned == iterations);
  }

  /** Events from one checkpoint to the next: start, tasks and end of each iteration, and itself. */
  int eventsPerCheckpoint() {
    return checkpointEvery * (tasksPerIteration + 2) + 1;
  }
}
