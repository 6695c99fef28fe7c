package rto.protocol;

import java.util.Map;

/**
 * Where a run is.
 *
 * @param phase one word: recovering, rolling-out, learning, paused, finished, failed
 * @param iteration iterations learned so far
 * @param iterations how many the run has
 * @param tasksDone tasks of the current iteration that are journalled
 * @param tasks tasks per iteration
 * @param tasksOpen tasks that rollout workers are wanted for: of the iterations that have begun,
 *     those that are not journalled
 * @param tasksWaiting of these, those that nobody has in work
 * @param waitingFor one line naming what is awaited, from whom and since when; empty if nothing is
 * @param metrics of the last learned iteration, by name
 * @param digest of the last learned iteration
 */
public record RunStatus(
    String run,
    String phase,
    int iteration,
    int iterations,
    int tasksDone,
    int tasks,
    int tasksOpen,
    int tasksWaiting,
    String waitingFor,
    Map<String, Double> metrics,
    String digest)
    implements WireMessage {

  public RunStatus {
    metrics = Map.copyOf(metrics);
  }
}
