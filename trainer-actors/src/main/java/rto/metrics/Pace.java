package rto.metrics;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast a loop goes, measured over what it did since it began here: a resumed loop's first step
 * may already be its hundredth. Read by the thread that draws.
 */
final class Pace {

  private final long total;
  private final long startNanos;
  private long first = -1;
  private long done;
  private long firstNanos;
  private long lastNanos;

  Pace(long total, long startNanos) {
    this.total = total;
    this.startNanos = startNanos;
    this.firstNanos = startNanos;
  }

  synchronized void done(long now, long nanos) {
    if (first < 0) {
      // A loop that begins at its beginning has done its first step since then; a resumed one has
      // only now told where it stands.
      first = now <= 1 ? 0 : now;
      firstNanos = now <= 1 ? startNanos : nanos;
    }
    done = now;
    lastNanos = nanos;
  }

  /** Units per second; empty before there is anything to measure. */
  synchronized Optional<Double> rate() {
    double seconds = (lastNanos - firstNanos) / 1e9;
    return done > first && seconds > 0 ? Optional.of((done - first) / seconds) : Optional.empty();
  }

  synchronized Optional<Duration> left(long nanos) {
    return rate()
        .map(rate -> (total - done) / rate - (nanos - lastNanos) / 1e9)
        .map(seconds -> Duration.ofMillis((long) (1000 * Math.max(0, seconds))));
  }
}
