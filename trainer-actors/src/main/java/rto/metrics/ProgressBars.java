package rto.metrics;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress on the standard error stream: a bar that moves on a terminal, now and then a plain line
 * elsewhere (a log file, a pipe).
 */
public final class ProgressBars {

  /** Set to true or false by the launcher, which knows what Java 17 cannot ask. */
  public static final String IS_TERMINAL = "rto.stderr.terminal";

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final int REDRAW_MILLIS = 250;

  private ProgressBars() {}

  /** Bars if the standard error stream is a terminal, lines if not. */
  public static Progress onStderr() {
    String told = System.getProperty(IS_TERMINAL);
    boolean terminal = told == null ? System.console() != null : Boolean.parseBoolean(told);
    return terminal ? bars(System.err) : lines(System.err, BETWEEN_LINES, System::nanoTime);
  }

  static Progress bars(PrintStream out) {
    return (stage, unit, total) -> new Bar(stage, unit, total, out);
  }

  /**
   * The first step and the last are always told, of the others at most one per {@code between}.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  static Progress lines(PrintStream out, Duration between, LongSupplier nanoTime) {
    return (stage, unit, total) -> new ProgressLines(stage, unit, total, out, between, nanoTime);
  }

  private static final class Bar implements Progress.Stage {

    private final ProgressBar bar;
    private final Pace pace;
    private final String unit;

    Bar(String stage, String unit, long total, PrintStream out) {
      this.unit = unit;
      this.pace = new Pace(total, System.nanoTime());
      this.bar =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setUnit(" " + unit, 1)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(REDRAW_MILLIS)
              .continuousUpdate()
              .setEtaFunction(state -> pace.left(System.nanoTime()))
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
    }

    @Override
    public void step(long done, Map<String, Double> numbers) {
      pace.done(done, System.nanoTime());
      bar.stepTo(done);
      bar.setExtraMessage(NumberText.line(numbers, pace, unit));
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
