package rto.node.dashboard;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rto.metrics.Interval;

/**
 * Lines with their 95 % intervals as text, both axes logarithmic. Each line has a letter, from a
 * on; a later one is drawn over an earlier one. Values of 0 and below stand on the lowest row.
 *
 * @param x more than 0, rising
 * @param lines one interval per x each
 */
record TextPlot(List<Integer> x, List<List<Interval>> lines) {

  private static final int ROWS = 20;
  private static final int COLUMNS = 61;
  private static final int LABEL = 9;
  private static final double SMALLEST = 1e-6;

  static char letter(int line) {
    return (char) ('a' + line);
  }

  String render() {
    double top = Math.ceil(log(largest()));
    double bottom = Math.floor(log(smallest()));
    char[][] paper = new char[ROWS][COLUMNS];
    Arrays.stream(paper).forEach(row -> Arrays.fill(row, ' '));
    for (int i = 0; i < lines.size(); i++) {
      for (int k = 0; k < x.size(); k++) {
        Interval value = lines.get(i).get(k);
        for (int r = row(value.high(), bottom, top); r <= row(value.low(), bottom, top); r++) {
          paper[r][column(k)] = paper[r][column(k)] == ' ' ? '|' : paper[r][column(k)];
        }
        paper[row(value.estimate(), bottom, top)][column(k)] = letter(i);
      }
    }
    String rows =
        IntStream.range(0, ROWS)
            .mapToObj(r -> (label(r, bottom, top) + " |" + new String(paper[r])).stripTrailing())
            .collect(Collectors.joining(System.lineSeparator()));
    String axis = " ".repeat(LABEL) + " +" + "-".repeat(COLUMNS);
    return String.join(System.lineSeparator(), rows, axis, ticks(), "");
  }

  private double largest() {
    return lines.stream().flatMap(List::stream).mapToDouble(Interval::high).max().orElse(1);
  }

  private double smallest() {
    return lines.stream()
        .flatMap(List::stream)
        .mapToDouble(Interval::estimate)
        .filter(v -> v > 0)
        .min()
        .orElse(SMALLEST);
  }

  private static double log(double value) {
    return Math.log10(Math.max(value, SMALLEST));
  }

  /** Powers of ten where they fall. */
  private static String label(int row, double bottom, double top) {
    for (double power = bottom; power <= top; power++) {
      if (row(Math.pow(10, power), bottom, top) == row) {
        return String.format(Locale.ROOT, "%" + LABEL + "s", "1e" + (int) power);
      }
    }
    return " ".repeat(LABEL);
  }

  private static int row(double value, double bottom, double top) {
    double height = (log(value) - bottom) / Math.max(1, top - bottom);
    return (int) Math.round((1 - Math.max(0, Math.min(1, height))) * (ROWS - 1));
  }

  private int column(int k) {
    double from = Math.log(x.get(0));
    double to = Math.log(x.get(x.size() - 1));
    return (int) Math.round((Math.log(x.get(k)) - from) / (to - from) * (COLUMNS - 1));
  }

  private String ticks() {
    StringBuilder line = new StringBuilder(" ".repeat(LABEL + 2));
    for (int k = 0; k < x.size(); k++) {
      String text = String.format(Locale.ROOT, "%,d", x.get(k));
      int at = Math.max(0, LABEL + 2 + column(k) - text.length() / 2);
      line.append(" ".repeat(Math.max(0, at - line.length()))).append(text);
    }
    return line.toString();
  }
}
