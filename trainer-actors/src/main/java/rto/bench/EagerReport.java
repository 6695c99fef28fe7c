package rto.bench;

import java.util.List;

/**
 * The engine beside single operations.
 *
 * @param meanLength of the sampled responses
 * @param comparisons of time
 * @param agreements of results
 */
public record EagerReport(
    double meanLength, List<Comparison> comparisons, List<Agreement> agreements) {

  /** Nothing was compared. */
  static EagerReport none() {
    return new EagerReport(Double.NaN, List.of(), List.of());
  }
}
