package rto.node.dashboard;

import java.util.List;
import rto.metrics.Interval;
import rto.tabular.PreferenceCurve;
import rto.tabular.QueryCounts;

/**
 * What {@code rto theory} found.
 *
 * @param seeds random problems behind each interval
 * @param problem what kind of problems
 * @param trees that were searched per row of {@code queries}
 * @param queries one row per size of tree and ξ
 * @param preferences numbers of comparisons that Algorithm 1 learned from
 * @param toGain V* − V of the reference policy
 * @param lines one entry per number of comparisons each
 */
public record TheoryReport(
    long seed,
    int seeds,
    PreferenceCurve problem,
    int trees,
    List<QueryCounts.Row> queries,
    List<Integer> preferences,
    Interval toGain,
    List<Line> lines) {

  /** V* − V of what was planned, or a bound on it. */
  public record Line(String name, String meaning, List<Interval> points) {}
}
