package rto.node.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rto.checkpoint.WholeFile;

/**
 * theory.html, one file with its charts inside, and theory.json with the same figures:
 *
 * <pre>
 *   {"seed", "seeds", "toGain": INTERVAL, "preferences": [n],
 *    "queries": [{"tokens", "horizon", "xi", "bySentences", "byTokens", "widest", "formula",
 *                 "instances", "found"}],
 *    "lines": [{"name", "meaning", "points": [INTERVAL]}]}
 *   INTERVAL = {"estimate", "low", "high", "samples"}
 * </pre>
 */
public final class TheoryPage {

  public static final String PAGE = "theory.html";
  private static final ObjectMapper JSON = new ObjectMapper();

  private TheoryPage() {}

  /** Writes each file whole or not at all. */
  public static void write(TheoryReport report, Path folder) throws IOException {
    WholeFile.write(folder.resolve("theory.json"), json(report));
    WholeFile.write(folder.resolve(PAGE), html(report));
  }

  static String json(TheoryReport report) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(data(report)) + "\n";
  }

  static String html(TheoryReport report) throws IOException {
    return Template.render(
        "theory",
        Map.of(
            "trees", report.trees(),
            "seeds", report.seeds(),
            "problem", TheoryText.problem(report),
            "lines", report.lines().stream().map(TheoryPage::words).toList(),
            "queries", table(TheoryText.queries(report.queries())),
            "curve", table(TheoryText.curve(report)),
            "data", ChartData.escaped(data(report))));
  }

  private static Map<String, Object> data(TheoryReport report) {
    return new TreeMap<>(
        Map.of(
            "seed", report.seed(),
            "seeds", report.seeds(),
            "queries", report.queries(),
            "preferences", report.preferences(),
            "toGain", report.toGain(),
            "lines", report.lines()));
  }

  private static Map<String, String> words(TheoryReport.Line line) {
    return Map.of("name", line.name(), "meaning", line.meaning());
  }

  private static Map<String, Object> table(List<List<String>> rows) {
    return Map.of("head", rows.get(0), "rows", rows.subList(1, rows.size()));
  }
}
