package rto.bench;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import rto.protocol.Require;

/** Repeated measurements of one thing: median, least and most. */
public record Spread(double median, double min, double max) {

  /** Of at least one measurement; the median of two is their mean. */
  public static Spread of(double... values) {
    Require.that(values.length > 0, "measurements: none (expected: at least one)");
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new Spread((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]);
  }

  /** The same measurements in another unit; the change may turn their order around. */
  public Spread map(DoubleUnaryOperator change) {
    double[] ends = DoubleStream.of(min, max).map(change).sorted().toArray();
    return new Spread(change.applyAsDouble(median), ends[0], ends[1]);
  }
}
