package rto.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How long it took to make a loss good. */
record Recovery(Wound.Kind kind, long millis) {

  /** A table in Markdown: for each kind how many were measured, the median, the 95th percentile. */
  static String table(List<Recovery> all) {
    var text =
        new StringBuilder(
            "| killed | measured | p50 s | p95 s | longest s |\n|---|---|---|---|---|\n");
    for (Wound.Kind kind : Wound.Kind.values()) {
      long[] millis =
          all.stream()
              .filter(one -> one.kind() == kind)
              .mapToLong(Recovery::millis)
              .sorted()
              .toArray();
      if (millis.length > 0) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %d | %.1f | %.1f | %.1f |%n",
                kind.title(),
                millis.length,
                percentile(millis, 50) / 1000.0,
                percentile(millis, 95) / 1000.0,
                Arrays.stream(millis).max().getAsLong() / 1000.0));
      }
    }
    return text.toString();
  }

  /** The smallest value that is not below so many percent of all (nearest rank). */
  static long percentile(long[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }
}
