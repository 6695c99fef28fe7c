package rto.node.dashboard;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rto.checkpoint.WholeFile;

/** What a comparison leaves: compare.json, compare.md with its pictures, compare.html. */
public final class ComparisonPages {

  static final String ROLLOUTS = "gold-against-rollouts.svg";
  static final String KL = "gold-against-kl.svg";
  private static final String PAGE = "compare.html";

  private ComparisonPages() {}

  /** Writes each file whole or not at all. */
  public static void write(ComparisonReport report, Path folder) throws IOException {
    WholeFile.write(folder.resolve("compare.json"), ComparisonJson.of(report));
    WholeFile.write(folder.resolve(ROLLOUTS), ComparisonPlots.goldAgainstRollouts(report).render());
    WholeFile.write(folder.resolve(KL), ComparisonPlots.goldAgainstKl(report).render());
    WholeFile.write(folder.resolve("compare.md"), ComparisonMarkdown.of(report, ROLLOUTS, KL));
    WholeFile.write(folder.resolve(PAGE), html(report));
  }

  /** The table, and where to read on. */
  public static void print(ComparisonReport report, Path folder, PrintStream out) {
    out.println();
    out.println(ConsoleTable.align(ComparisonTables.main(report)));
    out.printf(
        Locale.ROOT,
        "%s, %,d rollouts each; %s, summed over runs that shared the cores%n",
        ComparisonWords.seeds(report),
        report.rollouts(),
        Figures.time(report.seconds()));
    out.println("page    " + folder.resolve(PAGE));
  }

  static String html(ComparisonReport report) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("title", report.title());
    model.put("baseline", report.baseline());
    model.put("protocol", ComparisonWords.protocol(report));
    model.put("reading", ComparisonWords.reading(report));
    model.put("tuningWords", ComparisonWords.tuning(report));
    model.put("gold", report.background().gold());
    model.put("note", report.background().note().orElse(""));
    model.put("hasCurves", report.arms().stream().anyMatch(arm -> !arm.curve().isEmpty()));
    model.put("tables", tables(report));
    model.put("main", table("", ComparisonTables.main(report)));
    model.put("tuning", table("What was tried", ComparisonTables.tuning(report)));
    model.put("config", report.config());
    model.put("data", ChartData.escaped(charts(report)));
    return Template.render("compare", model);
  }

  private static List<Map<String, Object>> tables(ComparisonReport report) {
    List<Map<String, Object>> tables = new ArrayList<>();
    if (report.hasBaseline()) {
      tables.add(
          table(
              "Minus " + report.baseline() + ", seed by seed",
              ComparisonTables.differences(report)));
    }
    tables.add(table("Gold reward of each seed", ComparisonTables.seeds(report)));
    tables.add(table("What sets the arms apart", ComparisonTables.settings(report)));
    return tables;
  }

  private static Map<String, Object> table(String title, List<List<String>> rows) {
    return Map.of("title", title, "head", rows.get(0), "rows", rows.subList(1, rows.size()));
  }

  /** Lines as they stand in the pictures, and the bars of the table. */
  private static Map<String, Object> charts(ComparisonReport report) {
    List<Map<String, Object>> bars =
        report.arms().stream()
            .filter(arm -> Double.isFinite(arm.end().gold().estimate()))
            .map(
                arm ->
                    Map.<String, Object>of(
                        "name", arm.name(),
                        "gold", arm.end().gold().estimate(),
                        "half", ChartData.finite(arm.end().gold().halfWidth(), 0)))
            .toList();
    return Map.of(
        "bars", bars,
        "rollouts", lines(ComparisonPlots.goldAgainstRollouts(report)),
        "kl", lines(ComparisonPlots.goldAgainstKl(report)));
  }

  private static List<Map<String, Object>> lines(SvgPlot plot) {
    return plot.lines().stream()
        .map(
            line ->
                Map.<String, Object>of(
                    "name", line.name(),
                    "colour", line.colour(),
                    "points",
                        line.points().stream()
                            .map(p -> new double[] {p.x(), p.y(), ChartData.finite(p.half(), 0)})
                            .toList()))
        .toList();
  }
}
