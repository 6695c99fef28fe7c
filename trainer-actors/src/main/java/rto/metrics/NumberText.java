package rto.metrics;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers for a glance: three or four digits that matter, no more. */
public final class NumberText {

  private static final String SPEED = MetricNames.TOKENS_PER_SECOND.key();

  private NumberText() {}

  /** 12,345 / 123 / 12.3 / 1.23 / 0.012 / 3.1e-05. */
  public static String of(double value) {
    double size = Math.abs(value);
    String format =
        size >= 1000
            ? "%,.0f"
            : size >= 100
                ? "%.0f"
                : size >= 10
                    ? "%.1f"
                    : size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : size == 0 ? "%.0f" : "%.1e";
    return String.format(Locale.ROOT, format, value);
  }

  /** 0:07, 12:34, 1:02:03. */
  static String of(Duration duration) {
    String minutes = duration.toHours() > 0 ? "%d:%02d" : "%2$d";
    return (minutes + ":%3$02d")
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }

  /** The numbers of a progress line in the glossary's order, and how fast it goes. */
  static String line(Map<String, Double> numbers, Pace pace, String unit) {
    String glance =
        numbers.entrySet().stream()
            .filter(e -> !e.getKey().equals(SPEED))
            .sorted(
                Comparator.comparingInt((Map.Entry<String, Double> e) -> order(e.getKey()))
                    .thenComparing(Map.Entry::getKey))
            .map(e -> MetricNames.label(e.getKey()) + " " + of(e.getValue()))
            .collect(Collectors.joining("  "));
    String speed =
        numbers.containsKey(SPEED)
            ? of(numbers.get(SPEED)) + " tokens/s"
            : pace.rate().map(rate -> of(rate) + " " + unit + "/s").orElse("");
    return glance.isEmpty() || speed.isEmpty() ? glance + speed : glance + "  " + speed;
  }

  private static int order(String key) {
    return MetricNames.of(key).map(Enum::ordinal).orElse(Integer.MAX_VALUE);
  }
}
