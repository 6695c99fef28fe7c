package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rto.metrics.Interval;
import rto.tabular.QueryCounts;

/** What {@code rto theory} found, for the console. */
public final class TheoryText {

  private TheoryText() {}

  public static String of(TheoryReport report) {
    return String.join(
        System.lineSeparator(),
        "Rewards that must be asked for until the best response is found, counted in whole",
        "responses (H token rewards make one) by searches of %d trees of each size: the most of all."
            .formatted(report.trees()),
        "",
        ConsoleTable.align(queries(report.queries())),
        "A tokens, H of them in a response, some response with pi*(y) >= A^-xi. Sentence rewards",
        "need all A^H responses; token rewards drop every prefix less likely than A^-xi and need",
        "no more than A^min(xi+1, H).",
        "",
        "How much Algorithm 1 lacks of the best value, V* - V, with more preferences; mean and 95 %",
        "interval of %d problems (%s).".formatted(report.seeds(), problem(report)),
        "",
        ConsoleTable.align(curve(report)),
        legend(report),
        "",
        new TextPlot(
                report.preferences(),
                report.lines().stream().map(TheoryReport.Line::points).toList())
            .render(),
        "");
  }

  /** A, H, d and the rest, in a line. */
  static String problem(TheoryReport report) {
    var p = report.problem();
    return String.format(
        Locale.ROOT,
        "A %d, H %d, d %d, beta %s; there are %s to gain over the reference",
        p.tree().tokens(),
        p.tree().horizon(),
        p.dimensions(),
        p.beta(),
        withInterval(report.toGain()));
  }

  /** One row per size of tree, two columns per ξ. */
  static List<List<String>> queries(List<QueryCounts.Row> all) {
    List<Integer> xis = all.stream().map(QueryCounts.Row::xi).distinct().sorted().toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("A", "H", "A^H", "sentences"));
    xis.forEach(xi -> head.addAll(List.of("A^min(%d, H)".formatted(xi + 1), "tokens, xi " + xi)));
    head.add("best found");
    rows.add(head);
    Map<List<Integer>, List<QueryCounts.Row>> sizes =
        all.stream().collect(Collectors.groupingBy(r -> List.of(r.tokens(), r.horizon())));
    all.stream()
        .map(r -> List.of(r.tokens(), r.horizon()))
        .distinct()
        .forEach(size -> rows.add(row(sizes.get(size))));
    return rows;
  }

  private static List<String> row(List<QueryCounts.Row> size) {
    QueryCounts.Row first = size.get(0);
    List<String> cells =
        new ArrayList<>(
            List.of(
                Integer.toString(first.tokens()),
                Integer.toString(first.horizon()),
                whole(Math.round(Math.pow(first.tokens(), first.horizon()))),
                whole(first.bySentences())));
    for (QueryCounts.Row row : size) {
      cells.add(whole(row.formula()));
      cells.add(Figures.decimal(row.byTokens(), 1));
    }
    cells.add(
        "%d of %d"
            .formatted(
                size.stream().mapToInt(QueryCounts.Row::found).sum(),
                size.stream().mapToInt(QueryCounts.Row::instances).sum()));
    return cells;
  }

  /** One row per number of preferences, one column per line. */
  static List<List<String>> curve(TheoryReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        IntStream.range(-1, report.lines().size())
            .mapToObj(i -> i < 0 ? "preferences" : report.lines().get(i).name())
            .toList());
    for (int k = 0; k < report.preferences().size(); k++) {
      int at = k;
      List<String> cells = new ArrayList<>(List.of(whole(report.preferences().get(k))));
      report.lines().forEach(line -> cells.add(withInterval(line.points().get(at))));
      rows.add(cells);
    }
    return rows;
  }

  private static String legend(TheoryReport report) {
    return IntStream.range(0, report.lines().size())
        .mapToObj(
            i ->
                "%s  %s: %s"
                    .formatted(
                        TextPlot.letter(i),
                        report.lines().get(i).name(),
                        report.lines().get(i).meaning()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String withInterval(Interval value) {
    return Figures.decimal(value.estimate(), 4) + " ± " + Figures.decimal(value.halfWidth(), 4);
  }

  private static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
