package rto.metrics;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Progress on the standard error stream: a bar that moves on a terminal, now and then a plain line
 * elsewhere (a log file, a pipe).
 */
public final class ProgressBars {

  /** Set to true or false by the launcher, which knows what Java 17 cannot ask. */
  public static final String IS_TERMINAL = "rto.stderr.terminal";

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private ProgressBars() {}

  /** Bars if the standard error stream is a terminal, lines if not. */
  public static Progress onStderr() {
    String told = System.getProperty(IS_TERMINAL);
    boolean terminal = told == null ? System.console() != null : Boolean.parseBoolean(told);
    return terminal ? bars(System.err) : lines(System.err, BETWEEN_LINES, System::nanoTime);
  }

  static Progress bars(PrintStream out) {
    return (stage, unit, total) -> new DrawnBar(stage, unit, total, out);
  }

  /**
   * The first step and the last are always told, of the others at most one per {@code between}.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  static Progress lines(PrintStream out, Duration between, LongSupplier nanoTime) {
    return (stage, unit, total) -> new ProgressLines(stage, unit, total, out, between, nanoTime);
  }
}
