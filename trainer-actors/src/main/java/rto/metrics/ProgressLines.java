package rto.metrics;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/** A stage told in plain lines, for logs and pipes. */
final class ProgressLines implements Progress.Stage {

  private final String stage;
  private final String unit;
  private final long total;
  private final PrintStream out;
  private final long betweenNanos;
  private final LongSupplier nanoTime;
  private final Pace pace;
  private long lastToldNanos;
  private long lastTold = -1;
  private long done = -1;
  private Map<String, Double> numbers = Map.of();
  private String doing = "";

  ProgressLines(
      String stage,
      String unit,
      long total,
      PrintStream out,
      Duration between,
      LongSupplier nanoTime) {
    this.stage = stage;
    this.unit = unit;
    this.total = total;
    this.out = out;
    this.betweenNanos = between.toNanos();
    this.nanoTime = nanoTime;
    this.pace = new Pace(total, nanoTime.getAsLong());
  }

  @Override
  public void step(long done, Map<String, Double> numbers) {
    long now = nanoTime.getAsLong();
    pace.done(done, now);
    this.done = done;
    this.numbers = numbers;
    if (lastTold < 0 || now - lastToldNanos >= betweenNanos) {
      tell(now);
    }
  }

  @Override
  public void doing(String what) {
    doing = what;
  }

  @Override
  public void close() {
    if (done > lastTold) {
      tell(nanoTime.getAsLong());
    }
  }

  private void tell(long now) {
    long percent = total > 0 ? 100 * done / total : 0;
    String left =
        done >= total ? "" : pace.left(now).map(d -> "  " + NumberText.of(d) + " left").orElse("");
    String glance = NumberText.line(numbers, pace, unit);
    out.println(
        "%s %d/%d %s (%d %%)%s%s%s"
            .formatted(
                stage,
                done,
                total,
                unit,
                percent,
                doing.isEmpty() ? "" : "  " + doing,
                glance.isEmpty() ? "" : "  " + glance,
                left));
    out.flush();
    lastTold = done;
    lastToldNanos = now;
  }
}
