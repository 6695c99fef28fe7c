package rto.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import rto.metrics.ProcessMemory;
import rto.metrics.Progress;

/**
 * What several runs of the same work came to, after one that warmed up.
 *
 * @param runs what each of them gave
 * @param residentBefore bytes of the process before the first
 * @param residentPeak the most bytes of the process during one of them
 */
record Timings<T>(List<T> runs, double residentBefore, double residentPeak) {

  /** Counts the steps of all measurements of a shape. */
  static final class Steps {
    private final Progress.Stage stage;
    private long done;

    Steps(Progress.Stage stage) {
      this.stage = stage;
      stage.step(0, Map.of());
    }

    void doing(String what) {
      stage.doing(what);
    }

    void step() {
      stage.step(++done, Map.of());
    }
  }

  /**
   * @param before what is done before each run, untimed
   */
  static <T> Timings<T> of(
      String name, int repeats, Steps steps, Runnable before, Supplier<T> work) {
    steps.doing(name);
    double resident = ProcessMemory.resident();
    double peak = resident;
    List<T> runs = new ArrayList<>();
    for (int i = 0; i <= repeats; i++) {
      before.run();
      ProcessMemory.forgetPeak();
      runs.add(work.get());
      peak = Math.max(peak, ProcessMemory.peak());
      steps.step();
    }
    return new Timings<>(runs.subList(1, runs.size()), resident, peak);
  }

  Measurement measurement(
      String name, long tokens, double boundSeconds, ToDoubleFunction<T> seconds) {
    return new Measurement(
        name,
        tokens,
        Spread.of(runs.stream().mapToDouble(seconds).toArray()),
        boundSeconds,
        residentBefore,
        residentPeak);
  }
}
