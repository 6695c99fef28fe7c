package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import rto.lm.Decoder;
import rto.tensor.ComputeDevice;
import rto.tensor.Script;
import rto.tensor.Torch;

/**
 * Measures what the machine can do, apart from any model's code, at sizes like a shape's. All
 * threads that a measurement uses work at the same time.
 */
final class Calibrator {

  /** Rows of the head's products at a time: what a careful program makes of a large vocabulary. */
  private static final int HEAD_ROWS = 256;

  private static final int LARGE = 8192;

  /**
   * Work of one timing, in flop, bytes and operators: some 20 ms on one core, or on a GPU at most.
   */
  private static final double FLOPS = 2e9;

  private static final double GPU_FLOPS = 1e12;
  private static final long MOST_TIMES = 5_000;
  private static final long GPU_MOST_TIMES = 500;
  private static final long GPU_READS = 200;
  private static final long READ_BYTES = 256L << 20;
  private static final long LEAST_READ_BYTES = 64L << 20;
  private static final int OPERATORS = 20_000;
  private static final int CALLS = 2_000;

  /** Measurements of which the best counts. */
  private static final int TRIES = 5;

  private final Script script =
      Script.compile(Script.source("/rto/bench/calibration.py"), Map.of());
  private final Crew crew;
  private final int repeats;
  private final boolean onCpu = ComputeDevice.current().isCpu();

  Calibrator(Crew crew, int repeats) {
    this.crew = crew;
    this.repeats = repeats;
  }

  /** All of it, for a decoder whose updates and decoding batches have so many rows. */
  Calibration measure(Decoder decoder, int updateRows, int decodeRows) {
    Work work = new Work(decoder.config());
    List<Rate> rates = new ArrayList<>();
    for (int rows : new int[] {updateRows, decodeRows}) {
      for (MatmulPath path : MatmulPath.measured(decoder.passes())) {
        rates.add(new Rate(path, rows, Spread.of(rate(work, path, rows))));
      }
    }
    return new Calibration(
        rates,
        Spread.of(bandwidth(1)),
        Spread.of(bandwidth(crew.threads())),
        repeated(() -> call(decoder)),
        repeated(() -> product(decoder.config().hiddenSize())),
        repeated(this::operator));
  }

  private Spread repeated(Callable<Double> measurement) {
    try {
      measurement.call();
      double[] values = new double[repeats];
      for (int i = 0; i < repeats; i++) {
        values[i] = measurement.call();
      }
      return Spread.of(values);
    } catch (Exception e) {
      throw new IllegalStateException("calibration: " + e.getMessage(), e);
    }
  }

  /** The flop/s of all threads together at the sizes of this work, as {@link #best} says. */
  double rate(Work work, MatmulPath path, int rows) {
    return best(() -> oneRate(work, path, rows));
  }

  /** The bytes/s that so many threads read, as {@link #best} says. */
  double bandwidth(int readers) {
    return best(() -> oneBandwidth(readers));
  }

  /**
   * The best of some measurements after one that warms up: each takes some milliseconds, and
   * whoever else computes meanwhile takes it apart.
   */
  private static double best(DoubleSupplier measurement) {
    measurement.getAsDouble();
    return DoubleStream.generate(measurement).limit(TRIES).max().orElseThrow();
  }

  private double oneRate(Work work, MatmulPath path, int rows) {
    double seconds = 0;
    for (Map.Entry<Work.Size, Integer> matrix : work.matrices().entrySet()) {
      Work.Size size = matrix.getKey();
      double flopsOfAll = together(crew.threads(), start -> product(path, size, rows, start));
      seconds += matrix.getValue() * 2.0 * size.numbers() * rows / flopsOfAll;
    }
    return work.forward(rows, rows) / seconds;
  }

  /** The flop/s of one thread at one size. */
  private double product(MatmulPath path, Work.Size size, int rows, Runnable start) {
    int some = size.out() > LARGE ? Math.min(rows, HEAD_ROWS) : rows;
    double flops = 2.0 * size.numbers() * some;
    double least = onCpu ? FLOPS : GPU_FLOPS;
    long most = onCpu ? MOST_TIMES : GPU_MOST_TIMES;
    long times = Math.max(1, Math.min(most, Math.round(least / flops)));
    try (NDManager scope = Torch.newScope()) {
      NDArray x = scope.randomNormal(new Shape(some, size.in()));
      NDArray w = scope.randomNormal(new Shape(size.out(), size.in()));
      NDArray left = one(scope, path.rowsPreparation(), x, (long) some);
      NDArray right = one(scope, path.preparation(), w, (long) some);
      one(scope, path.product(), left, right, 1L);
      start.run();
      return times
          * flops
          / seconds(crew.threads(), () -> one(scope, path.product(), left, right, times));
    }
  }

  private double oneBandwidth(int readers) {
    long bytes = Math.max(LEAST_READ_BYTES, READ_BYTES / readers);
    long times = onCpu ? 1 : GPU_READS;
    return together(
        readers,
        start -> {
          try (NDManager scope = Torch.newScope()) {
            NDArray x = scope.ones(new Shape(bytes / Float.BYTES));
            start.run();
            return bytes * times / seconds(readers, () -> one(scope, "read", x, times));
          }
        });
  }

  private double operator() {
    try (NDManager scope = Torch.newScope()) {
      NDArray x = scope.ones(new Shape(1));
      return seconds(1, () -> one(scope, "operators", x, (long) OPERATORS)) / OPERATORS;
    }
  }

  private double product(int size) {
    try (NDManager scope = Torch.newScope()) {
      NDArray x = scope.ones(new Shape(1, size));
      NDArray w = scope.ones(new Shape(size, size));
      String multiply = MatmulPath.MKL.product();
      return seconds(1, () -> one(scope, multiply, x, w, (long) OPERATORS)) / OPERATORS;
    }
  }

  private double call(Decoder decoder) {
    try (NDManager scope = Torch.newScope()) {
      NDArray x = scope.ones(new Shape(1));
      NDList weights = decoder.weights().tensors();
      return seconds(
              1,
              () -> {
                for (int i = 0; i < CALLS; i++) {
                  one(scope, "nothing", x, weights).close();
                }
              })
          / CALLS;
    }
  }

  private NDArray one(NDManager scope, String method, Object... arguments) {
    return script.run(scope, method, arguments).singletonOrThrow();
  }

  private double seconds(int workers, Runnable work) {
    Stopwatch watch = crew.clock().start();
    work.run();
    return watch.lap(Crew.busy(workers));
  }

  /** What one thread measures, after telling that it is ready. */
  @FunctionalInterface
  private interface Part {
    double measure(Runnable start);
  }

  /** The sum of what so many threads measure that start at the same time. */
  private double together(int readers, Part part) {
    CyclicBarrier all = new CyclicBarrier(readers);
    List<Callable<Double>> parts =
        IntStream.range(0, readers)
            .<Callable<Double>>mapToObj(i -> () -> part.measure(() -> await(all)))
            .toList();
    return crew.pool().map(parts).stream().mapToDouble(Double::doubleValue).sum();
  }

  private static void await(CyclicBarrier all) {
    try {
      all.await();
    } catch (Exception e) {
      throw new IllegalStateException("calibration: a thread failed", e);
    }
  }
}
