package rto.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the machine does at best, measured again before each run of what is held against it: what a
 * virtual machine is given differs from minute to minute, a bandwidth by half as much again.
 */
final class Yardstick {

  private final Calibrator calibrator;
  private final BenchShape shape;
  private final Work work;
  private final Calibration first;
  private final List<Double> bandwidths = new ArrayList<>();
  private final Map<Product, List<Double>> rates = new LinkedHashMap<>();

  private record Product(MatmulPath path, int rows) {}

  /**
   * @param first what stands where nothing is measured again
   */
  Yardstick(Calibrator calibrator, BenchShape shape, Calibration first) {
    this.calibrator = calibrator;
    this.shape = shape;
    this.work = new Work(shape.config());
    this.first = first;
  }

  /** Measures once more what one thread reads. */
  void read() {
    bandwidths.add(calibrator.bandwidth(1));
  }

  /** Measures once more how fast so many rows are multiplied in the shape's ways. */
  void multiply(int rows) {
    for (MatmulPath path : shape.paths()) {
      rates
          .computeIfAbsent(new Product(path, rows), product -> new ArrayList<>())
          .add(calibrator.rate(work, path, rows));
    }
  }

  /** The medians of what was measured again, and the first measurement of all else. */
  Calibration machine() {
    List<Rate> again = new ArrayList<>();
    rates.forEach(
        (product, values) -> again.add(new Rate(product.path(), product.rows(), spread(values))));
    Calibration machine = first.multiplying(again);
    return bandwidths.isEmpty() ? machine : machine.reading(spread(bandwidths));
  }

  private static Spread spread(List<Double> values) {
    return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
