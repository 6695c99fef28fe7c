package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import rto.metrics.Interval;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.Reach;
import rto.node.dashboard.ComparisonReport.Summary;
import rto.node.dashboard.ComparisonReport.Trial;

/** The tables of a comparison as rows of cells, a heading first, for every kind of page. */
final class ComparisonTables {

  private ComparisonTables() {}

  /** Without the baseline there are no differences, and nothing to reach. */
  static List<List<String>> main(ComparisonReport report) {
    List<String> heading = List.of("arm", "gold reward", "wins", "KL/response", "length");
    Stream<List<String>> rows = report.arms().stream().map(arm -> main(report, arm));
    if (!report.hasBaseline()) {
      return withHeading(heading, rows);
    }
    String base = report.baseline();
    Stream<List<String>> compared =
        report.arms().stream()
            .map(
                arm ->
                    withBaseline(
                        main(report, arm),
                        difference(arm, Summary::gold, 3),
                        arm.reach().map(ComparisonTables::reach).orElse("–")));
    return withHeading(withBaseline(heading, "minus " + base, "data to reach " + base), compared);
  }

  private static List<String> main(ComparisonReport report, ArmResult arm) {
    return List.of(
        called(report, arm),
        figure(arm.end().gold(), 3),
        percent(arm.end().winRate()),
        figure(arm.end().kl(), 2),
        figure(arm.end().length(), 1));
  }

  /** The difference after the gold reward, the reach at the end. */
  private static List<String> withBaseline(List<String> row, String difference, String reach) {
    List<String> all = new ArrayList<>(row);
    all.add(2, difference);
    all.add(reach);
    return all;
  }

  static List<List<String>> differences(ComparisonReport report) {
    Stream<List<String>> rows =
        report.arms().stream()
            .filter(arm -> arm.minusBaseline().isPresent())
            .map(
                arm ->
                    List.of(
                        called(report, arm),
                        difference(arm, Summary::gold, 3),
                        signed(arm.minusBaseline().get().winRate()),
                        difference(arm, Summary::kl, 2),
                        difference(arm, Summary::klPerToken, 3),
                        difference(arm, Summary::length, 1)));
    return withHeading(
        List.of("arm", "gold reward", "wins", "KL/response", "KL/token", "length"), rows);
  }

  static List<List<String>> tuning(ComparisonReport report) {
    Stream<List<String>> rows =
        report.tuning().stream()
            .map(
                trial ->
                    List.of(
                        trial.arm(),
                        overrides(trial.overrides()),
                        each(trial),
                        Figures.decimal(trial.mean(), 3),
                        trial.chosen() ? "chosen" : ""));
    return withHeading(
        List.of("arm", "candidate", "gold reward in each tuning seed", "mean", ""), rows);
  }

  static List<List<String>> settings(ComparisonReport report) {
    return withHeading(
        List.of("arm", "trains", "settings of its own"),
        report.arms().stream()
            .map(arm -> List.of(arm.name(), arm.trains(), overrides(arm.overrides()))));
  }

  static List<List<String>> seeds(ComparisonReport report) {
    Stream<String> heading = report.seeds().stream().map(seed -> "seed " + seed);
    return withHeading(
        Stream.concat(Stream.of("arm"), heading).toList(),
        report.arms().stream()
            .map(
                arm ->
                    Stream.concat(
                            Stream.of(arm.name()),
                            report.seeds().stream().map(seed -> gold(arm, seed)))
                        .toList()));
  }

  private static String gold(ArmResult arm, long seed) {
    return arm.seeds().stream()
        .filter(result -> result.seed() == seed)
        .findFirst()
        .map(r -> r.diverged().isPresent() ? "diverged" : Figures.decimal(r.end().gold(), 3))
        .orElse("–");
  }

  /** By its name, and what its figures lack. */
  private static String called(ComparisonReport report, ArmResult arm) {
    int seeds = arm.seeds().size();
    return arm.name()
        + (arm.diverged() == 0
            ? ""
            : ", diverged (%d of %d seeds)".formatted(arm.diverged(), seeds))
        + (report.isWhole(arm) ? "" : ", %d of %d seeds".formatted(seeds, report.seeds().size()));
  }

  /** 1.234 ± 0.056, by half the width of the interval. */
  static String figure(Interval x, int places) {
    return Figures.decimal(x.estimate(), places)
        + (Double.isFinite(x.halfWidth()) ? " ± " + Figures.decimal(x.halfWidth(), places) : "");
  }

  /** What was reached by whom: never, or the share of data, and in how many seeds. */
  static String reach(Reach reach) {
    if (reach.reached() == 0) {
      return "not reached";
    }
    return "%s (%d/%d)".formatted(percent(reach.fraction()), reach.reached(), reach.seeds());
  }

  private static String difference(ArmResult arm, Function<Summary, Interval> measure, int places) {
    Optional<Interval> difference = arm.minusBaseline().map(measure);
    return difference.map(d -> (d.estimate() > 0 ? "+" : "") + figure(d, places)).orElse("–");
  }

  private static String signed(Interval share) {
    return (share.estimate() > 0 ? "+" : "") + percent(share);
  }

  private static String percent(Interval x) {
    return Figures.decimal(100 * x.estimate(), 1)
        + (Double.isFinite(x.halfWidth()) ? " ± " + Figures.decimal(100 * x.halfWidth(), 1) : "")
        + " %";
  }

  private static String overrides(List<String> overrides) {
    return overrides.isEmpty() ? "as shared" : String.join(", ", overrides);
  }

  private static String each(Trial trial) {
    return String.join("  ", trial.gold().stream().map(g -> Figures.decimal(g, 3)).toList());
  }

  private static List<List<String>> withHeading(List<String> heading, Stream<List<String>> rows) {
    return Stream.concat(Stream.of(heading), rows).toList();
  }
}
