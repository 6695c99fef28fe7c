package rto.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.Sampling;
import rto.protocol.TaskId;
import rto.protocol.WeightsRef;
import rto.run.Deadlines;
import rto.run.RunPlan;

/** The plan and the tasks of a simulated run. */
public final class Tasks {

  private Tasks() {}

  /** Deadlines of a second for workers and of a minute for what must not happen. */
  public static RunPlan plan(String run, int iterations, int tasks, int checkpointEvery) {
    return plan(run, iterations, tasks, checkpointEvery, 0);
  }

  /** The same with a staleness. */
  public static RunPlan plan(
      String run, int iterations, int tasks, int checkpointEvery, int staleness) {
    var deadlines =
        new Deadlines(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    return new RunPlan(run, "config", iterations, tasks, checkpointEvery, staleness, deadlines);
  }

  /** The tasks of an iteration: two prompts each, two samples per prompt. */
  public static List<RolloutTask> of(RunPlan plan, int iteration, WeightsRef weights) {
    return IntStream.range(0, plan.tasksPerIteration())
        .mapToObj(index -> task(plan.run(), new TaskId(iteration, index), weights))
        .toList();
  }

  public static RolloutTask task(String run, TaskId id, WeightsRef weights) {
    int first = 2 * id.index();
    var prompts = List.of(prompt(first), prompt(first + 1));
    return new RolloutTask(run, id, prompts, 2, weights, Sampling.plain(5), List.of(0), 17);
  }

  private static Prompt prompt(int index) {
    return new Prompt(index, new int[] {1, index});
  }
}
