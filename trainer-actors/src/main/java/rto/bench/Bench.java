package rto.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import rto.metrics.Progress;
import rto.protocol.Require;
import rto.tensor.ComputePool;

/**
 * Measures shapes on this machine. How many intra-op threads libtorch has is set for the whole
 * process beforehand ({@link rto.tensor.Torch#THREADS}).
 *
 * @param computeThreads that share the work, as in a run
 * @param clock what is counted as time
 * @param eager whether each shape is compared with plain eager execution too
 */
public record Bench(int computeThreads, Clock clock, boolean eager, Progress progress) {

  public Bench {
    Require.that(computeThreads > 0, "compute-threads: %s (expected: > 0)", computeThreads);
  }

  /** One shape after the other. */
  public BenchReport run(List<BenchShape> shapes) throws IOException {
    List<ShapeReport> reports = new ArrayList<>();
    try (ComputePool pool = new ComputePool("bench", computeThreads)) {
      for (BenchShape shape : shapes) {
        reports.add(
            new ShapeBench(shape, new Crew(pool, computeThreads, clock), eager).run(progress));
      }
    }
    return new BenchReport(Machine.here(computeThreads, clock), reports);
  }
}
