package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A picture of lines with 95 % intervals, for pages that run no scripts. White paper of its own, so
 * that it can be read on any page.
 *
 * @param lines in the order of the legend
 */
record SvgPlot(String title, String xLabel, String yLabel, List<Line> lines) {

  private static final int WIDTH = 820;
  private static final int HEIGHT = 440;
  private static final int LEFT = 66;
  private static final int RIGHT = 190;
  private static final int TOP = 40;
  private static final int BOTTOM = 52;
  private static final int TICKS = 6;

  /** Okabe and Ito's colours, which colour-blind people can tell apart, and darker ones after. */
  private static final List<String> COLOURS =
      List.of(
          "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444", "#7a5195",
          "#8c564b", "#556b2f", "#b22222", "#999999");

  /**
   * A point and how sure it is; a NaN half-width is drawn without a whisker.
   *
   * @param half of the interval of y
   */
  record Point(double x, double y, double half) {}

  /**
   * Points joined by a line; a single point is drawn as a diamond.
   *
   * @param number decides the colour, the same in all plots of a page
   */
  record Line(String name, int number, List<Point> points) {

    String colour() {
      return COLOURS.get(number % COLOURS.size());
    }

    /** Lines beyond the colours are told apart by their dashes. */
    private String dash() {
      return number < COLOURS.size() ? "" : "6 3";
    }
  }

  /** Where data land on the paper. */
  private record Scale(double low, double high, double from, double to) {

    double at(double value) {
      return from + (value - low) / (high - low) * (to - from);
    }

    /** Round numbers within, about {@link #TICKS} of them. */
    List<Double> ticks() {
      double raw = (high - low) / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(raw)));
      double step =
          DoubleStream.of(1, 2, 5, 10)
              .map(m -> m * power)
              .filter(s -> s >= raw)
              .findFirst()
              .orElse(raw);
      List<Double> ticks = new ArrayList<>();
      for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
        ticks.add(i * step);
      }
      return ticks;
    }

    /** Holds all finite values, with a little room. */
    static Scale of(DoubleStream values, double from, double to) {
      double[] finite = values.filter(Double::isFinite).sorted().toArray();
      double low = finite.length == 0 ? 0 : finite[0];
      double high = finite.length == 0 ? 1 : finite[finite.length - 1];
      double room = high > low ? 0.04 * (high - low) : 0.5;
      return new Scale(low - room, high + room, from, to);
    }
  }

  /** The whole file. */
  String render() {
    Scale x = Scale.of(points().mapToDouble(Point::x), LEFT, WIDTH - RIGHT);
    Scale y =
        Scale.of(
            points()
                .flatMapToDouble(p -> DoubleStream.of(p.y(), p.y() - p.half(), p.y() + p.half())),
            HEIGHT - BOTTOM,
            TOP);
    StringBuilder svg = new StringBuilder();
    svg.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n")
            .formatted(WIDTH, HEIGHT));
    svg.append(text(LEFT, 24, "start", "#111111", title));
    axes(svg, x, y);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), x, y);
      legend(svg, i, lines.get(i));
    }
    return svg.append("</svg>\n").toString();
  }

  private Stream<Point> points() {
    return lines.stream().flatMap(line -> line.points().stream());
  }

  private void axes(StringBuilder svg, Scale x, Scale y) {
    for (double tick : y.ticks()) {
      svg.append(segment(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "#e3e6ea", 1, ""));
      svg.append(text(LEFT - 8, y.at(tick) + 4, "end", "#555555", number(tick)));
    }
    for (double tick : x.ticks()) {
      svg.append(
          segment(x.at(tick), HEIGHT - BOTTOM, x.at(tick), HEIGHT - BOTTOM + 5, "#888888", 1, ""));
      svg.append(text(x.at(tick), HEIGHT - BOTTOM + 20, "middle", "#555555", number(tick)));
    }
    svg.append(segment(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#888888", 1, ""));
    svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "#333333", xLabel));
    svg.append(
        "<g transform=\"rotate(-90 18 %1$d)\">%2$s</g>\n"
            .formatted(HEIGHT / 2, text(18, HEIGHT / 2.0, "middle", "#333333", yLabel)));
  }

  private static void draw(StringBuilder svg, Line line, Scale x, Scale y) {
    String colour = line.colour();
    List<Point> points =
        line.points().stream()
            .filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y()))
            .toList();
    for (Point p : points) {
      if (Double.isFinite(p.half())) {
        double at = x.at(p.x());
        svg.append(segment(at, y.at(p.y() - p.half()), at, y.at(p.y() + p.half()), colour, 1, ""));
      }
    }
    if (points.size() == 1) {
      Point p = points.get(0);
      svg.append(
          "<path d=\"M%1$s %2$s l6 6 l-6 6 l-6 -6 z\" fill=\"%3$s\"/>\n"
              .formatted(place(x.at(p.x())), place(y.at(p.y()) - 6), colour));
      return;
    }
    String path =
        points.stream()
            .map(p -> place(x.at(p.x())) + "," + place(y.at(p.y())))
            .collect(Collectors.joining(" "));
    svg.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n"
            .formatted(path, colour, dashed(line.dash())));
  }

  private static void legend(StringBuilder svg, int i, Line line) {
    double y = TOP + 8 + 20.0 * i;
    double from = WIDTH - RIGHT + 16;
    svg.append(segment(from, y, from + 22, y, line.colour(), 3, line.dash()));
    svg.append(text(from + 30, y + 4, "start", "#222222", line.name()));
  }

  private static String segment(
      double x1, double y1, double x2, double y2, String colour, int width, String dash) {
    return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"%d\"%s/>\n"
        .formatted(place(x1), place(y1), place(x2), place(y2), colour, width, dashed(dash));
  }

  private static String dashed(String dash) {
    return dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"";
  }

  private static String text(double x, double y, String anchor, String colour, String words) {
    String safe = words.replace("&", "&amp;").replace("<", "&lt;");
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n"
        .formatted(place(x), place(y), anchor, colour, safe);
  }

  private static String place(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 1000 ? "%,.0f" : value == Math.rint(value) ? "%.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value == 0 ? 0.0 : value);
  }
}
