package rto.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Kernels;
import rto.metrics.ProcessMemory;
import rto.metrics.Progress;
import rto.protocol.Require;
import rto.tensor.ComputePool;
import rto.tensor.Torch;

/**
 * Whole iterations of RTO on tiny models, over and over, and what the process holds on the way: an
 * iteration takes two optimizer steps of policy and critic, samples and scores two tasks, and
 * installs a new version of the policy.
 *
 * @param steps learner steps, and tasks, of each kind of kernels
 */
public record Endurance(int steps, Progress progress) {

  /** Tasks of an iteration, one for each of so many threads, and its optimizer steps. */
  private static final int PER_ITERATION = 2;

  private static final int POINTS = 100;

  public Endurance {
    Require.that(
        steps >= POINTS * PER_ITERATION,
        "steps: %s (expected: >= %s)",
        steps,
        POINTS * PER_ITERATION);
  }

  /** One run for each kind of kernels. */
  public EnduranceReport run() throws IOException {
    List<EnduranceReport.Course> courses = new ArrayList<>();
    try (ComputePool pool = new ComputePool("endurance", PER_ITERATION)) {
      for (DecoderConfig config : List.of(tiny(32), tiny(256))) {
        courses.add(course(config, pool));
      }
    }
    return new EnduranceReport(Machine.here(PER_ITERATION, Clock.ELAPSED), steps, courses);
  }

  private EnduranceReport.Course course(DecoderConfig config, ComputePool pool) throws IOException {
    String name = Kernels.of(config).toString().toLowerCase(Locale.ROOT);
    BenchShape shape = new BenchShape(name, config, 8, 8, 4, 4, 1);
    Crew crew = new Crew(pool, PER_ITERATION, Clock.ELAPSED);
    List<EnduranceReport.Point> points = new ArrayList<>();
    int iterations = steps / PER_ITERATION;
    try (Progress.Stage shown = progress.begin("endurance, " + name, "iterations", iterations);
        Iteration iteration = new Iteration(shape, crew)) {
      for (int i = 1; i <= iterations; i++) {
        iteration.run();
        shown.step(i, Map.of());
        if (i * (long) POINTS / iterations > points.size()) {
          points.add(point(i * PER_ITERATION));
        }
      }
    }
    return new EnduranceReport.Course(name, points);
  }

  private static EnduranceReport.Point point(int steps) {
    return new EnduranceReport.Point(
        steps,
        ProcessMemory.resident(),
        ProcessMemory.nativeHeap(),
        ProcessMemory.javaHeap(),
        Torch.openArrays());
  }

  private static DecoderConfig tiny(int hidden) {
    return new DecoderConfig(
        64, hidden, 64, 1, 2, 2, hidden / 2, 1e-5, 10_000, 64, 1, 2, new Head.Language(true));
  }
}
