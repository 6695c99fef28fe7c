package rto.node.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The points of all charts as JSON that may stand inside a script element. */
final class ChartData {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** By the names that the page knows. */
  private static final Map<String, ToDoubleFunction<Report.Parts>> PARTS =
      Map.of(
          "dpo", Report.Parts::dpo,
          "kl", Report.Parts::kl,
          "sentence", Report.Parts::sentence,
          "shaping", Report.Parts::shaping);

  private ChartData() {}

  static String of(Report report) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("stages", report.stages().stream().map(ChartData::stage).toList());
    data.put("reward", series(report, Report.Iteration::reward));
    data.put("kl", series(report, Report.Iteration::kl));
    data.put("length", series(report, Report.Iteration::length));
    data.put("parts", parts(report));
    data.put("tokens", report.tokenRewards().stream().map(ChartData::tokens).toList());
    data.put("training", report.training().stream().map(ChartData::curve).toList());
    return escaped(data);
  }

  private static Map<String, Object> stage(Report.StageRow row) {
    return Map.of(
        "name", row.stage(), "gold", finite(row.goldReward(), 0), "ci95", finite(row.ci95(), 0));
  }

  private static Map<String, Object> curve(Report.Curve curve) {
    List<double[]> points = new ArrayList<>();
    curve.points().forEach(p -> add(points, p.step(), p.value()));
    return Map.of("metric", curve.metric(), "points", points);
  }

  /** One curve per part of the reward. */
  private static Map<String, Object> parts(Report report) {
    Map<String, Object> curves = new LinkedHashMap<>();
    PARTS.forEach(
        (name, part) -> curves.put(name, series(report, i -> part.applyAsDouble(i.parts()))));
    return curves;
  }

  /** The texts of a response's tokens, and for each part what it pays to each. */
  private static Map<String, Object> tokens(Report.TokenRewards rewards) {
    Map<String, Object> paid = new LinkedHashMap<>();
    PARTS.forEach(
        (name, part) ->
            paid.put(
                name,
                rewards.tokens().stream()
                    .map(t -> finite(part.applyAsDouble(t.parts()), 0))
                    .toList()));
    return Map.of(
        "texts", rewards.tokens().stream().map(t -> t.text().strip()).toList(), "paid", paid);
  }

  private static List<double[]> series(Report report, ToDoubleFunction<Report.Iteration> value) {
    List<double[]> points = new ArrayList<>();
    report.iterations().forEach(i -> add(points, i.iteration(), value.applyAsDouble(i)));
    return points;
  }

  private static void add(List<double[]> points, double x, double y) {
    if (Double.isFinite(y)) {
      points.add(new double[] {x, y});
    }
  }

  static double finite(double value, double otherwise) {
    return Double.isFinite(value) ? value : otherwise;
  }

  /** No text can end the script element or begin a comment: every &lt; is written as an escape. */
  static String escaped(Object data) {
    try {
      return JSON.writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
