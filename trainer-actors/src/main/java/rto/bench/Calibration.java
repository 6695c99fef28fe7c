package rto.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What this machine does at best, with the threads that the measurements use.
 *
 * @param rates of the paths, at the rows of an update's micro-batch and of a decoding batch
 * @param bandwidthOfOne bytes per second that one compute thread reads from memory
 * @param bandwidthOfAll the same, all compute threads together
 * @param callSeconds one TorchScript call with the shape's weights that does nothing
 * @param productSeconds one row multiplied by a matrix of hidden × hidden size, within a call
 * @param operatorSeconds one operator on a single number, within a call
 */
public record Calibration(
    List<Rate> rates,
    Spread bandwidthOfOne,
    Spread bandwidthOfAll,
    Spread callSeconds,
    Spread productSeconds,
    Spread operatorSeconds) {

  /** The same with one thread's bandwidth measured again. */
  Calibration reading(Spread again) {
    return new Calibration(
        rates, again, bandwidthOfAll, callSeconds, productSeconds, operatorSeconds);
  }

  /** The same with some rates measured again. */
  Calibration multiplying(List<Rate> again) {
    return new Calibration(
        rates.stream().map(rate -> newest(rate, again)).toList(),
        bandwidthOfOne,
        bandwidthOfAll,
        callSeconds,
        productSeconds,
        operatorSeconds);
  }

  private static Rate newest(Rate rate, List<Rate> again) {
    return again.stream()
        .filter(other -> other.path() == rate.path() && other.rows() == rate.rows())
        .findFirst()
        .orElse(rate);
  }

  /** The highest rate, in flop/s, that one of these paths has at so many rows. */
  double fastest(List<MatmulPath> paths, int rows) {
    return best(paths, rows, rate -> rate.flops().median());
  }

  private double best(List<MatmulPath> paths, int rows, ToDoubleFunction<Rate> number) {
    return rates.stream()
        .filter(rate -> rate.rows() == rows && paths.contains(rate.path()))
        .mapToDouble(number)
        .max()
        .orElseThrow();
  }
}
