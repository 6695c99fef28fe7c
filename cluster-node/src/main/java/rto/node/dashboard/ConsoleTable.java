package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tables as text: the first column to the left, figures to the right, two spaces between. */
public final class ConsoleTable {

  private ConsoleTable() {}

  /** One row per stage, with a heading. */
  public static String of(List<Report.StageRow> stages) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("stage", "gold reward (95 %)", "wins vs base", "KL/token", "length"));
    stages.forEach(
        row ->
            rows.add(
                List.of(
                    row.stage(),
                    Figures.withInterval(row.goldReward(), row.ci95()),
                    Figures.percent(row.winRate()),
                    Figures.decimal(row.kl(), 3),
                    Figures.decimal(row.length(), 1))));
    return align(rows);
  }

  /** Rows of equally many cells, the first row a heading that is underlined. */
  static String align(List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(c -> rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
            .toArray();
    List<String> lines =
        rows.stream()
            .map(row -> line(row, widths))
            .collect(Collectors.toCollection(ArrayList::new));
    lines.add(1, "-".repeat(IntStream.of(widths).sum() + 2 * (widths.length - 1)));
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(c -> pad(cells.get(c), widths[c], c == 0))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private static String pad(String cell, int width, boolean left) {
    String space = " ".repeat(width - cell.length());
    return left ? cell + space : space + cell;
  }
}
