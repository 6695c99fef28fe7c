package rto.metrics;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * A stage told by a bar that is drawn again and again on the terminal's last line:
 *
 * <pre>
 *   rto  45% ████▌      9/20 iterations  reward 1.23  KL 0.041  length 31.2  3,412 tokens/s  2:01 left
 * </pre>
 *
 * What does not fit goes in this order: the unit, the bar, the end of the line.
 */
final class DrawnBar implements Progress.Stage {

  private static final int REDRAW_MILLIS = 250;
  private static final int SHORTEST = 6;
  private static final int LONGEST = 30;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  private final String stage;
  private final String unit;
  private final Pace pace;
  private final ProgressBar bar;
  private volatile String glance = "";
  private volatile String doing = "";

  DrawnBar(String stage, String unit, long total, PrintStream out) {
    this.stage = stage;
    this.unit = unit;
    this.pace = new Pace(total, System.nanoTime());
    this.bar =
        new ProgressBarBuilder()
            .setInitialMax(total)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .continuousUpdate()
            .setRenderer(this::draw)
            .setConsumer(new ConsoleProgressBarConsumer(out))
            .build();
  }

  @Override
  public void step(long done, Map<String, Double> numbers) {
    pace.done(done, System.nanoTime());
    glance = NumberText.line(numbers, pace, unit);
    bar.stepTo(done);
  }

  @Override
  public void doing(String what) {
    doing = what;
  }

  @Override
  public void close() {
    bar.close();
  }

  private String draw(ProgressState state, int width) {
    String left =
        state.getCurrent() >= state.getMax()
            ? ""
            : pace.left(System.nanoTime()).map(d -> "  " + NumberText.of(d) + " left").orElse("");
    String told = doing.isEmpty() || glance.isEmpty() ? doing + glance : doing + "  " + glance;
    String line = layout(stage, state.getCurrent(), state.getMax(), unit, told, left, width);
    return line + " ".repeat(Math.max(0, width - line.length())); // over a longer line before it
  }

  static String layout(
      String stage, long done, long total, String unit, String glance, String left, int width) {
    double share = total > 0 ? Math.min(1, (double) done / total) : 0;
    String head = "%s %3d%% ".formatted(stage, (int) (100 * share));
    String count = "%d/%d".formatted(done, total);
    String tail = (glance.isEmpty() ? "" : "  " + glance) + left;
    for (String counted : List.of(count + " " + unit + tail, count + tail)) {
      int room = width - head.length() - counted.length() - 1;
      if (room >= SHORTEST) {
        return head + blocks(share, Math.min(room, LONGEST)) + " " + counted;
      }
    }
    String line = head + count + tail;
    return line.substring(0, Math.min(line.length(), width));
  }

  private static String blocks(double share, int length) {
    int eighths = (int) (share * length * 8);
    String full = "█".repeat(eighths / 8);
    String part = full.length() < length ? EIGHTHS.substring(eighths % 8, eighths % 8 + 1) : "";
    return full + part + " ".repeat(length - full.length() - part.length());
  }
}
