package rto.node.dashboard;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.Reach;

/** What a comparison's figures mean and how they were got, in plain sentences. */
final class ComparisonWords {

  private static final String WINS = "Wins: against the first model's answer to the same prompt.";

  private ComparisonWords() {}

  static String protocol(ComparisonReport report) {
    return String.format(
        Locale.ROOT,
        "%s. %s All arms of a seed share first model, preferences, reward model and DPO model. Every"
            + " policy arm learns from %,d rollouts. %d held-out prompts judge the end, the first %d"
            + " of them the curves. Figures are means over seeds with the half-width of their 95 %%"
            + " interval (Student's t).",
        seeds(report),
        report.background().seeds(),
        report.rollouts(),
        report.judges(),
        report.curveJudges());
  }

  /** How to read the table, and what the mean curves say. */
  static String reading(ComparisonReport report) {
    return Stream.of(WINS, reach(report), diverged(report), missing(report))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String diverged(ComparisonReport report) {
    return report.arms().stream().anyMatch(arm -> arm.diverged() > 0)
        ? "An arm diverged where a number of its training was not finite any more. Its figures are"
            + " over its other seeds, and differences over those of both arms: that flatters it."
        : "";
  }

  private static String missing(ComparisonReport report) {
    return report.arms().stream().allMatch(report::isWhole)
        ? ""
        : "Not every arm was run in every seed: figures are over the seeds that are there,"
            + " differences over those of both arms.";
  }

  private static String reach(ComparisonReport report) {
    List<ArmResult> policies =
        report.arms().stream().filter(arm -> arm.reach().isPresent()).toList();
    if (policies.isEmpty()) {
      return "";
    }
    String means =
        policies.stream()
            .map(arm -> arm.name() + " " + ofMeanCurves(arm.reach().get()))
            .collect(Collectors.joining(", "));
    return ("The last column: the part of"
            + " %1$s's rollouts after which an arm's curve is first as high as %1$s's last point, over"
            + " the seeds in which it ever is, whose number stands in brackets; points are some"
            + " iterations apart and noisy, and %1$s's own figure shows by how much noise makes them"
            + " early. Of the curves averaged over seeds: %2$s.")
        .formatted(report.baseline(), means);
  }

  static String tuning(ComparisonReport report) {
    if (report.tuning().isEmpty()) {
      return "Nothing: every arm ran as it is written.";
    }
    long each =
        report.tuning().stream().filter(t -> t.arm().equals(report.tuning().get(0).arm())).count();
    return ("%d candidates of every arm that trains something, each on the seeds %s, which are not"
            + " among those compared. The one with the highest mean gold reward, on held-out prompts"
            + " kept for it, is the one compared.")
        .formatted(
            each,
            report.tuningSeeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  /** 1 seed, 10 seeds. */
  static String seeds(ComparisonReport report) {
    int n = report.seeds().size();
    return n + (n == 1 ? " seed" : " seeds");
  }

  private static String ofMeanCurves(Reach reach) {
    return Double.isFinite(reach.ofMeanCurves())
        ? Figures.percent(reach.ofMeanCurves())
        : "not reached";
  }
}
