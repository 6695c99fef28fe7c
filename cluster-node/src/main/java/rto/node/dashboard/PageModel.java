package rto.node.dashboard;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import rto.metrics.MetricNames;

/** A report as the template's variables: figures already in words, chart data as JSON. */
final class PageModel {

  private static final double DEEPEST = 0.7;
  private static final List<MetricNames> GLOSSARY =
      List.of(
          MetricNames.GOLD_REWARD,
          MetricNames.REWARD,
          MetricNames.KL,
          MetricNames.LENGTH,
          MetricNames.REWARD_DPO,
          MetricNames.REWARD_KL,
          MetricNames.REWARD_SENTENCE,
          MetricNames.REWARD_SHAPING,
          MetricNames.LOSS,
          MetricNames.ACCURACY);

  private PageModel() {}

  static Map<String, Object> of(Report report) {
    return Map.of(
        "title", report.title(),
        "facts", facts(report),
        "stages", report.stages().stream().map(PageModel::stage).toList(),
        "hasDpo", report.stages().stream().anyMatch(row -> row.stage().equals("dpo")),
        "hasCurves", !report.iterations().isEmpty(),
        "training", report.training().stream().map(PageModel::curve).toList(),
        "samples", report.samples().stream().map(PageModel::sample).toList(),
        "rewards", report.tokenRewards().stream().map(PageModel::rewards).toList(),
        "glossary", GLOSSARY.stream().map(PageModel::entry).toList(),
        "text", Map.of("config", report.config(), "data", ChartData.of(report)));
  }

  private static List<Map<String, String>> facts(Report report) {
    return Stream.concat(always(report).stream(), report.best().stream().map(PageModel::best))
        .toList();
  }

  private static Map<String, String> best(Report.Best best) {
    return fact(
        "best checkpoint",
        best.model(),
        "Its policy learned last from responses with a mean reward of "
            + Figures.decimal(best.reward(), 3)
            + ", the highest of all checkpoints.");
  }

  private static List<Map<String, String>> always(Report report) {
    return List.of(
        fact("seed", Long.toString(report.seed()), "The same seed gives the same run."),
        fact("time", Figures.time(report.seconds()), "All stages together."),
        fact(
            "responses learned from",
            String.format(Locale.ROOT, "%,d", report.trajectories()),
            "Sampled by the policy itself during RTO."),
        fact(
            "of these one version old",
            String.format(
                Locale.ROOT,
                "%,d",
                report.iterations().stream().mapToLong(Report.Iteration::old).sum()),
            "Sampled while the version that began to learn from them was still being made."),
        fact(
            "token reward",
            report.tokenReward(),
            "What paid the tokens: rto with the DPO model's opinion of each, ppo without; the others"
                + " pay it elsewhere or take it back."),
        fact(
            "digest",
            report.digest().substring(0, Math.min(12, report.digest().length())),
            report.digest()));
  }

  private static Map<String, String> fact(String name, String value, String meaning) {
    return Map.of("name", name, "value", value, "meaning", meaning);
  }

  private static Map<String, String> stage(Report.StageRow row) {
    return Map.of(
        "name", row.stage(),
        "gold", Figures.withInterval(row.goldReward(), row.ci95()),
        "wins", Figures.percent(row.winRate()),
        "kl", Figures.decimal(row.kl(), 3),
        "length", Figures.decimal(row.length(), 1));
  }

  private static Map<String, String> curve(Report.Curve curve) {
    return Map.of("stage", curve.stage(), "metric", curve.metric());
  }

  private static Map<String, Object> sample(Report.Sample sample) {
    return Map.of(
        "prompt",
        sample.prompt(),
        "responses",
        sample.responses().stream().map(PageModel::response).toList());
  }

  private static Map<String, String> response(Report.Response response) {
    return Map.of(
        "stage", response.stage(),
        "text", response.text(),
        "gold", Figures.decimal(response.gold(), 2));
  }

  private static Map<String, Object> rewards(Report.TokenRewards rewards) {
    double scale = rewards.scale();
    return Map.of(
        "prompt", rewards.prompt(),
        "scale", Figures.decimal(scale, 3),
        "tokens", rewards.tokens().stream().map(token -> token(token, scale)).toList());
  }

  private static Map<String, String> token(Report.Token token, double scale) {
    double depth = DEEPEST * Math.min(1, Math.abs(token.total()) / scale);
    return Map.of(
        "text", token.text().replace("\n", "↵\n"),
        "sign", token.total() < 0 ? "minus" : "plus",
        "depth", Figures.decimal(depth, 3),
        "parts",
            "%s = DPO %s, KL %s, sentence %s%s"
                .formatted(
                    Figures.signed(token.total()),
                    Figures.signed(token.parts().dpo()),
                    Figures.signed(token.parts().kl()),
                    Figures.signed(token.parts().sentence()),
                    shaping(token.parts().shaping())));
  }

  /** Named where there is some. */
  private static String shaping(double paid) {
    return paid == 0 ? "" : ", shaping " + Figures.signed(paid);
  }

  private static Map<String, String> entry(MetricNames metric) {
    return Map.of(
        "name", metric.label(),
        "meaning", metric.meaning(),
        "formula", metric.formula(),
        "unit", metric.unit());
  }
}
