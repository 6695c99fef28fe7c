package rto.train;

import static rto.protocol.Require.problem;

import java.time.Duration;
import rto.protocol.AbsentMeans;
import rto.protocol.Require;

/**
 * What this machine gives to a run. None of it changes the result.
 *
 * @param computeThreads threads that share the micro-batches of an update; 0 takes one per core
 * @param rolloutWorkers workers in this process, each with a compute thread; 0 takes one per core
 * @param checkpoints how many of the last ones its disk keeps, and the best besides
 * @param taskDeadline how long a task that is in work is waited for before it is offered to others
 */
public record Resources(
    int computeThreads,
    int rolloutWorkers,
    @AbsentMeans(Resources.CHECKPOINTS) int checkpoints,
    @AbsentMeans(Resources.TASK_DEADLINE) Duration taskDeadline) {

  private static final String CHECKPOINTS = "3";
  private static final String TASK_DEADLINE = "300s";

  /** Every number at its default. */
  public static final Resources STANDARD =
      new Resources(0, 0, Integer.parseInt(CHECKPOINTS), Duration.ofMinutes(5));

  public Resources {
    Require.all(
        problem(computeThreads >= 0, "compute-threads: %s (expected: >= 0)", computeThreads),
        problem(rolloutWorkers >= 0, "rollout-workers: %s (expected: >= 0)", rolloutWorkers),
        problem(checkpoints > 0, "checkpoints: %s (expected: > 0)", checkpoints),
        problem(
            taskDeadline.compareTo(Duration.ZERO) > 0,
            "task-deadline: %s (expected: > 0)",
            taskDeadline));
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
