package rto.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rto.metrics.MetricNames;
import rto.protocol.Require;
import rto.protocol.ScoredTrajectory;

/**
 * How many versions old trajectories are: the version that learns from them, which is the number of
 * iterations learned, less the one that sampled them.
 *
 * @param bound η; iteration k is sampled by version max(0, k − η), so all of it is min(k, η) old
 */
record Staleness(int bound) {

  private static final List<MetricNames> AGES =
      List.of(MetricNames.STALENESS_0, MetricNames.STALENESS_1);

  /**
   * Counts by age, zeros included.
   *
   * @throws IllegalArgumentException if one is of any other age than it must be
   */
  Map<String, Double> histogram(int iteration, List<ScoredTrajectory> scored) {
    int expected = Math.min(iteration, bound);
    for (ScoredTrajectory one : scored) {
      int version = one.trajectory().policyVersion();
      Require.that(
          iteration - version == expected,
          "iteration %s: a response by policy version %s (expected: %s)",
          iteration,
          version,
          iteration - expected);
    }
    Map<String, Double> counts = new HashMap<>();
    AGES.forEach(age -> counts.put(age.key(), 0.0));
    counts.put(AGES.get(expected).key(), (double) scored.size());
    return counts;
  }
}
