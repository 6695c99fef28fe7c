package rto.train;

import static rto.protocol.Require.problem;

import rto.protocol.AbsentMeans;
import rto.protocol.Require;

/**
 * What this machine gives to a run. None of it changes the result.
 *
 * @param computeThreads threads that share the micro-batches of an update; 0 takes one per core
 * @param rolloutWorkers workers in this process, each with a compute thread; 0 takes one per core
 * @param checkpoints how many of the last ones its disk keeps, and the best besides
 */
public record Resources(
    int computeThreads, int rolloutWorkers, @AbsentMeans(Resources.CHECKPOINTS) int checkpoints) {

  private static final String CHECKPOINTS = "3";

  /** Every number at its default. */
  public static final Resources STANDARD = new Resources(0, 0, Integer.parseInt(CHECKPOINTS));

  public Resources {
    Require.all(
        problem(computeThreads >= 0, "compute-threads: %s (expected: >= 0)", computeThreads),
        problem(rolloutWorkers >= 0, "rollout-workers: %s (expected: >= 0)", rolloutWorkers),
        problem(checkpoints > 0, "checkpoints: %s (expected: > 0)", checkpoints));
  }

  /** The threads, with 0 resolved. */
  public int threads() {
    return computeThreads > 0 ? computeThreads : Runtime.getRuntime().availableProcessors();
  }

  /** The workers, with 0 resolved. */
  public int workers() {
    return rolloutWorkers > 0 ? rolloutWorkers : Runtime.getRuntime().availableProcessors();
  }
}
