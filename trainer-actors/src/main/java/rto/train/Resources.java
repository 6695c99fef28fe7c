package rto.train;

import static rto.protocol.Require.problem;

import java.time.Duration;
import java.util.List;
import rto.protocol.AbsentMeans;
import rto.protocol.Require;
import rto.tensor.ComputeDevice;

/**
 * What this machine gives to a run. None of it changes the result, but for the kind of device: a
 * CPU and a GPU round differently, so a run stays on the kind that it began on.
 *
 * @param computeThreads threads that share the micro-batches of an update; 0 takes one per core
 * @param rolloutWorkers workers in this process, each with a compute thread; 0 takes one per core
 * @param devices that it computes on, {@code cpu} or {@code gpu:N}: learner, stages and frozen
 *     models on the first one, rollout workers on each in turn
 * @param checkpoints how many of the last ones its disk keeps, and the best besides
 * @param taskDeadline how long a task that is in work is waited for before it is offered to others
 */
public record Resources(
    int computeThreads,
    int rolloutWorkers,
    @AbsentMeans(Resources.DEVICES) List<String> devices,
    @AbsentMeans(Resources.CHECKPOINTS) int checkpoints,
    @AbsentMeans(Resources.TASK_DEADLINE) Duration taskDeadline) {

  private static final String DEVICES = "[cpu]";
  private static final String CHECKPOINTS = "3";
  private static final String TASK_DEADLINE = "300s";

  /** Every number at its default. */
  public static final Resources STANDARD =
      new Resources(
          0,
          0,
          List.of(ComputeDevice.CPU.name()),
          Integer.parseInt(CHECKPOINTS),
          Duration.ofMinutes(5));

  private static final List<String> FIRST_GPU = List.of("gpu:0");

  public Resources {
    devices = List.copyOf(devices);
    Require.all(
        problem(
            !devices.isEmpty() && devices.stream().allMatch(ComputeDevice::isName),
            "devices: %s (expected: some of cpu, gpu:0, gpu:1, ..)",
            devices),
        problem(
            devices.stream().map(ComputeDevice.CPU.name()::equals).distinct().count() <= 1,
            "devices: %s (expected: cpu, or GPUs: they round differently, and it does not matter"
                + " which worker samples a task)",
            devices),
        problem(computeThreads >= 0, "compute-threads: %s (expected: >= 0)", computeThreads),
        problem(rolloutWorkers >= 0, "rollout-workers: %s (expected: >= 0)", rolloutWorkers),
        problem(checkpoints > 0, "checkpoints: %s (expected: > 0)", checkpoints),
        problem(
            taskDeadline.compareTo(Duration.ZERO) > 0,
            "task-deadline: %s (expected: > 0)",
            taskDeadline));
  }

  /** What of all this decides a run's result: the kind of device. The rest is as standard. */
  Resources decisive() {
    return mainDevice().isCpu()
        ? STANDARD
        : new Resources(
            STANDARD.computeThreads,
            STANDARD.rolloutWorkers,
            FIRST_GPU,
            STANDARD.checkpoints,
            STANDARD.taskDeadline);
  }

  /** The threads, with 0 resolved. */
  public int threads() {
    return computeThreads > 0 ? computeThreads : Runtime.getRuntime().availableProcessors();
  }

  /** The workers, with 0 resolved: one per core, or one per device if those are GPUs. */
  public int workers() {
    if (rolloutWorkers > 0) {
      return rolloutWorkers;
    }
    return device(0).isCpu() ? Runtime.getRuntime().availableProcessors() : devices.size();
  }

  /** That of the learner, the stages and the frozen models. */
  public ComputeDevice mainDevice() {
    return device(0);
  }

  /** That of a rollout worker. */
  public ComputeDevice device(int worker) {
    return new ComputeDevice(devices.get(worker % devices.size()));
  }
}
