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
 */
public record Bench(int computeThreads, Clock clock, Progress progress) {

  public Bench {
    Require.that(computeThreads > 0, "compute-threads: %s (expected: > 0)", computeThreads);
  }

  /** One shape after the other. */
  public BenchReport run(List<BenchShape> shapes) throws IOException {
    List<ShapeReport> reports = new ArrayList<>();
    try (ComputePool pool = new ComputePool("bench", computeThreads)) {
      for (BenchShape shape : shapes) {
        reports.add(new ShapeBench(shape, new Crew(pool, computeThreads, clock)).run(progress));
      }
    }
    return new BenchReport(Machine.here(computeThreads, clock), reports);
  }
}
