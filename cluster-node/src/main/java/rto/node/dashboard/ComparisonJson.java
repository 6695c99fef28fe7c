package rto.node.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rto.metrics.Interval;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.MeanPoint;
import rto.node.dashboard.ComparisonReport.Measures;
import rto.node.dashboard.ComparisonReport.Point;
import rto.node.dashboard.ComparisonReport.Reach;
import rto.node.dashboard.ComparisonReport.SeedResult;
import rto.node.dashboard.ComparisonReport.Summary;
import rto.node.dashboard.ComparisonReport.Trial;

/**
 * A comparison for programs:
 *
 * <pre>
 *   {"baseline", "seeds", "rollouts", ...,
 *    "arms": {ARM: {"trains", "overrides", "end": SUMMARY, "minusBaseline": SUMMARY or null,
 *                   "reach", "curve": [{"rollouts", "summary"}],
 *                   "seeds": [{"seed", "end", "curve", "seconds", "diverged"}]}},
 *    "tuning": {"seeds", "trials": [{"arm", "overrides", "gold", "mean", "chosen"}]},
 *    "note", "settings": of the shared run}
 *   SUMMARY: {"gold"|"winRate"|"kl"|"klPerToken"|"length": {"mean", "low", "high", "samples"}}
 * </pre>
 *
 * A figure that does not exist is null.
 */
final class ComparisonJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ComparisonJson() {}

  static String of(ComparisonReport report) throws JsonProcessingException {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("title", report.title());
    root.put("baseline", report.baseline());
    root.put("seeds", report.seeds());
    root.put("rollouts", report.rollouts());
    root.put("judges", report.judges());
    root.put("curveJudges", report.curveJudges());
    root.put("seconds", number(report.seconds()));
    Map<String, Object> arms = new LinkedHashMap<>();
    report.arms().forEach(arm -> arms.put(arm.name(), arm(arm)));
    root.put("arms", arms);
    root.put("tuning", tuning(report));
    root.put("note", report.background().note().orElse(null));
    root.put("settings", JSON.readTree(report.config()));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static Map<String, Object> arm(ArmResult arm) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("trains", arm.trains());
    map.put("overrides", arm.overrides());
    map.put("end", summary(arm.end()));
    map.put("minusBaseline", arm.minusBaseline().map(ComparisonJson::summary).orElse(null));
    map.put("reach", arm.reach().map(ComparisonJson::reach).orElse(null));
    map.put("curve", arm.curve().stream().map(ComparisonJson::meanPoint).toList());
    map.put("seeds", arm.seeds().stream().map(ComparisonJson::seed).toList());
    return map;
  }

  private static Map<String, Object> summary(Summary s) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("gold", interval(s.gold()));
    map.put("winRate", interval(s.winRate()));
    map.put("kl", interval(s.kl()));
    map.put("klPerToken", interval(s.klPerToken()));
    map.put("length", interval(s.length()));
    return map;
  }

  private static Map<String, Object> interval(Interval x) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("mean", number(x.estimate()));
    map.put("low", number(x.low()));
    map.put("high", number(x.high()));
    map.put("samples", x.samples());
    return map;
  }

  private static Map<String, Object> reach(Reach r) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("reached", r.reached());
    map.put("seeds", r.seeds());
    map.put("fraction", interval(r.fraction()));
    map.put("ofMeanCurves", number(r.ofMeanCurves()));
    return map;
  }

  private static Map<String, Object> meanPoint(MeanPoint point) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rollouts", point.rollouts());
    map.put("summary", summary(point.summary()));
    return map;
  }

  private static Map<String, Object> seed(SeedResult seed) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("seed", seed.seed());
    map.put("end", measures(seed.end()));
    map.put("curve", seed.curve().stream().map(ComparisonJson::point).toList());
    map.put("seconds", number(seed.seconds()));
    map.put("diverged", seed.diverged().orElse(null));
    return map;
  }

  private static Map<String, Object> point(Point point) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rollouts", point.rollouts());
    map.putAll(measures(point.measures()));
    return map;
  }

  private static Map<String, Object> measures(Measures m) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("gold", number(m.gold()));
    map.put("winRate", number(m.winRate()));
    map.put("kl", number(m.kl()));
    map.put("klPerToken", number(m.klPerToken()));
    map.put("length", number(m.length()));
    return map;
  }

  private static Map<String, Object> tuning(ComparisonReport report) {
    List<Map<String, Object>> trials = report.tuning().stream().map(ComparisonJson::trial).toList();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("seeds", report.tuningSeeds());
    map.put("trials", trials);
    return map;
  }

  private static Map<String, Object> trial(Trial trial) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("arm", trial.arm());
    map.put("overrides", trial.overrides());
    map.put("gold", trial.gold().stream().map(g -> Double.isFinite(g) ? g : null).toList());
    map.put("mean", number(trial.mean()));
    map.put("chosen", trial.chosen());
    return map;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
