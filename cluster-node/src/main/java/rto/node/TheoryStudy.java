package rto.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import rto.metrics.Interval;
import rto.metrics.Progress;
import rto.node.dashboard.TheoryReport;
import rto.tabular.PreferenceCurve;
import rto.tabular.PreferenceCurve.Point;
import rto.tabular.PreferenceCurve.Sample;
import rto.tabular.QueryCounts;
import rto.tabular.TokenTree;

/** The two experiments of {@code rto theory}; seconds. */
record TheoryStudy(Progress progress) {

  private static final int MOST_TOKENS = 4;
  private static final int LONGEST = 6;
  private static final List<Integer> XI = List.of(1, 2);

  /** Random trees of each size; the hardest one comes on top. */
  private static final int TREES = 20;

  private static final List<Integer> PREFERENCES = List.of(10, 32, 100, 316, 1_000, 3_162, 10_000);

  private static final PreferenceCurve CURVE =
      new PreferenceCurve(new TokenTree(3, 3), 4, 1, 0.1, 1, 0.05);

  TheoryReport run(int seeds, long seed) {
    List<Point> points = points(seeds, seed);
    return new TheoryReport(
        seed,
        seeds,
        CURVE,
        TREES + 1,
        queries(seed),
        PREFERENCES,
        interval(points.get(0), Sample::reference),
        List.of(
            line("rho 0", "without pessimism", points, Sample::plain),
            line("rho sqrt(d)", orderWithoutConstants(points), points, Sample::root),
            line("rho sure", "large enough with 95 %", points, Sample::guaranteed),
            line("bound", "Theorem 4.2 for rho sure", points, Sample::bound)));
  }

  private List<QueryCounts.Row> queries(long seed) {
    List<QueryCounts.Row> rows = new ArrayList<>();
    for (int tokens = 2; tokens <= MOST_TOKENS; tokens++) {
      for (int horizon = 1; horizon <= LONGEST; horizon++) {
        for (int xi : XI) {
          rows.add(QueryCounts.of(tokens, horizon, xi, TREES, seed));
        }
      }
    }
    return rows;
  }

  private List<Point> points(int seeds, long seed) {
    try (Progress.Stage shown = progress.begin("Algorithm 1", "problems", seeds)) {
      return CURVE.points(PREFERENCES, seeds, seed, done -> shown.step(done, Map.of()));
    }
  }

  private static String orderWithoutConstants(List<Point> points) {
    long held =
        points.stream().flatMap(point -> point.samples().stream()).filter(Sample::covered).count();
    long all = points.stream().mapToLong(point -> point.samples().size()).sum();
    return String.format(
        Locale.ROOT,
        "the theorem's order without its constants; its event held in %.0f %% of the cases",
        100.0 * held / all);
  }

  private static TheoryReport.Line line(
      String name, String meaning, List<Point> points, ToDoubleFunction<Sample> value) {
    return new TheoryReport.Line(
        name, meaning, points.stream().map(point -> interval(point, value)).toList());
  }

  private static Interval interval(Point point, ToDoubleFunction<Sample> value) {
    return Interval.ofMean(point.samples().stream().mapToDouble(value).toArray());
  }
}
