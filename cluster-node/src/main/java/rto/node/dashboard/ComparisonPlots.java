package rto.node.dashboard;

import java.util.List;
import java.util.stream.Stream;
import rto.metrics.Interval;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.MeanPoint;

/** The two pictures of a comparison: what data buy, and what distance from the first model buys. */
final class ComparisonPlots {

  private static final String GOLD = "gold reward, mean over seeds";

  private ComparisonPlots() {}

  static SvgPlot goldAgainstRollouts(ComparisonReport report) {
    return new SvgPlot(
        "Gold reward while policies train" + note(report),
        "rollouts used",
        GOLD,
        policies(report)
            .map(
                arm ->
                    new SvgPlot.Line(
                        arm.name(),
                        report.arms().indexOf(arm),
                        arm.curve().stream()
                            .map(p -> point(p.rollouts(), p.summary().gold(), isLast(arm, p)))
                            .toList()))
            .toList());
  }

  /** Arms that train no policy are single points, judged on all prompts. */
  static SvgPlot goldAgainstKl(ComparisonReport report) {
    return new SvgPlot(
        "Gold reward against distance from the first model" + note(report),
        "KL to the first model, nats per response",
        GOLD,
        report.arms().stream()
            .filter(arm -> Double.isFinite(arm.end().gold().estimate()))
            .map(
                arm ->
                    new SvgPlot.Line(
                        arm.name(),
                        report.arms().indexOf(arm),
                        arm.curve().isEmpty()
                            ? List.of(point(arm.end().kl().estimate(), arm.end().gold(), true))
                            : arm.curve().stream()
                                .map(
                                    p ->
                                        point(
                                            p.summary().kl().estimate(),
                                            p.summary().gold(),
                                            isLast(arm, p)))
                                .toList()))
            .toList());
  }

  private static Stream<ArmResult> policies(ComparisonReport report) {
    return report.arms().stream().filter(arm -> !arm.curve().isEmpty());
  }

  /** Whiskers at the end alone: many lines with many whiskers could not be read. */
  private static SvgPlot.Point point(double x, Interval y, boolean whisker) {
    return new SvgPlot.Point(x, y.estimate(), whisker ? y.halfWidth() : Double.NaN);
  }

  private static boolean isLast(ArmResult arm, MeanPoint point) {
    return point.equals(arm.curve().get(arm.curve().size() - 1));
  }

  private static String note(ComparisonReport report) {
    return " (%s, whiskers: 95 %%)".formatted(ComparisonWords.seeds(report));
  }
}
