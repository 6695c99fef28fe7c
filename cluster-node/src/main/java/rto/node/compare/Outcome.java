package rto.node.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rto.checkpoint.WholeFile;
import rto.node.dashboard.ComparisonReport.Measures;
import rto.node.dashboard.ComparisonReport.Point;

/**
 * What one run of one arm came to; a file of its own, so that an interrupted comparison goes on
 * with the runs that are missing.
 *
 * @param settings SHA-256 of the run's settings
 * @param overrides {@code key=value} each, by which the run differs from the shared one
 * @param end on all judging prompts
 * @param curve on the first of them, while a policy trained; begins with the first model
 * @param scores gold reward of each answer at the end
 * @param seconds of wall-clock time
 * @param digest of the final state of a policy stage; empty for others
 * @param diverged why training broke off, and there are no measures; empty if it did not
 */
record Outcome(
    String arm,
    long seed,
    String settings,
    List<String> overrides,
    Measures end,
    List<Point> curve,
    double[] scores,
    double seconds,
    String digest,
    String diverged) {

  private static final ObjectMapper JSON = new ObjectMapper();

  Outcome {
    diverged = diverged == null ? "" : diverged; // absent from older files
  }

  /** Whether there are measures. */
  boolean whole() {
    return diverged.isEmpty();
  }

  void write(Path file) throws IOException {
    WholeFile.write(file, JSON.writeValueAsString(this) + "\n");
  }

  /**
   * @throws IllegalArgumentException if the file is another run's
   */
  static Outcome read(Path file, String wantedSettings) throws IOException {
    Outcome read = read(file);
    if (!read.settings.equals(wantedSettings)) {
      throw new IllegalArgumentException(
          "%s: made with other settings, %s (expected: those of the file now; choose another --out,"
                  .formatted(file, read.overrides)
              + " or delete this one)");
    }
    return read;
  }

  /** Nothing if the file is another run's. */
  static Optional<Outcome> ifMadeWith(String settings, Path file) throws IOException {
    return Optional.of(read(file)).filter(outcome -> outcome.settings.equals(settings));
  }

  private static Outcome read(Path file) throws IOException {
    return JSON.readValue(Files.readString(file), Outcome.class);
  }
}
