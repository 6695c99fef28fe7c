package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import rto.metrics.Interval;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.Reach;
import rto.node.dashboard.ComparisonReport.SeedResult;
import rto.node.dashboard.ComparisonReport.Summary;
import rto.node.dashboard.ComparisonReport.Trial;

/** The tables of a comparison as rows of cells, a heading first, for every kind of page. */
final class ComparisonTables {

  private ComparisonTables() {}

  static List<List<String>> main(ComparisonReport report) {
    String base = report.baseline();
    Stream<List<String>> rows =
        report.arms().stream()
            .map(
                arm ->
                    List.of(
                        called(arm),
                        figure(arm.end().gold(), 3),
                        difference(arm, Summary::gold, 3),
                        percent(arm.end().winRate()),
                        figure(arm.end().kl(), 2),
                        figure(arm.end().length(), 1),
                        arm.reach().map(ComparisonTables::reach).orElse("–")));
    return withHeading(
        List.of(
            "arm",
            "gold reward",
            "minus " + base,
            "wins",
            "KL/response",
            "length",
            "data to reach " + base),
        rows);
  }

  static List<List<String>> differences(ComparisonReport report) {
    Stream<List<String>> rows =
        report.arms().stream()
            .filter(arm -> arm.minusBaseline().isPresent())
            .map(
                arm ->
                    List.of(
                        called(arm),
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
    List<String> heading = new ArrayList<>(List.of("arm"));
    report.seeds().forEach(seed -> heading.add("seed " + seed));
    return withHeading(
        heading,
        report.arms().stream()
            .map(
                arm ->
                    Stream.concat(
                            Stream.of(arm.name()), arm.seeds().stream().map(ComparisonTables::gold))
                        .toList()));
  }

  private static String gold(SeedResult seed) {
    return seed.diverged().isPresent() ? "diverged" : Figures.decimal(seed.end().gold(), 3);
  }

  /** By its name, and what its figures lack. */
  private static String called(ArmResult arm) {
    return arm.diverged() == 0
        ? arm.name()
        : "%s, diverged (%d of %d seeds)".formatted(arm.name(), arm.diverged(), arm.seeds().size());
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
