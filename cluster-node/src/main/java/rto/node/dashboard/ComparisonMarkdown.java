package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A comparison as Markdown with its two pictures beside it, to stand in a README. */
final class ComparisonMarkdown {

  private ComparisonMarkdown() {}

  static String of(ComparisonReport report, String rolloutsPicture, String klPicture) {
    List<String> parts = new ArrayList<>();
    parts.add("# " + report.title());
    parts.add(ComparisonWords.protocol(report));
    parts.add(report.background().gold());
    parts.add(table(ComparisonTables.main(report)));
    parts.add(ComparisonWords.reading(report));
    parts.add("![gold reward against rollouts used](" + rolloutsPicture + ")");
    parts.add("![gold reward against KL](" + klPicture + ")");
    if (report.hasBaseline()) {
      parts.add("## Minus " + report.baseline() + ", seed by seed");
      parts.add(table(ComparisonTables.differences(report)));
    }
    parts.add("## Gold reward of each seed");
    parts.add(table(ComparisonTables.seeds(report)));
    parts.add("## What sets the arms apart");
    parts.add(table(ComparisonTables.settings(report)));
    parts.add("## What was tried");
    parts.add(ComparisonWords.tuning(report));
    if (!report.tuning().isEmpty()) {
      parts.add(table(ComparisonTables.tuning(report)));
    }
    report.background().note().ifPresent(parts::add);
    return String.join("\n\n", parts) + "\n";
  }

  private static String table(List<List<String>> rows) {
    List<String> lines = rows.stream().map(ComparisonMarkdown::line).collect(Collectors.toList());
    lines.add(1, "|---".repeat(rows.get(0).size()) + "|");
    return String.join("\n", lines);
  }

  private static String line(List<String> cells) {
    return "| "
        + String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList())
        + " |";
  }
}
