package rto.chaos;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits with an end: whoever waits longer says for what. */
final class Patience {

  /** What takes this long has not recovered, however busy the machine is. */
  static final Duration LONGEST = Duration.ofSeconds(300);

  private static final Duration BETWEEN = Duration.ofMillis(10);

  private Patience() {}

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    if (!holdsWithin(LONGEST, condition)) {
      throw new IllegalStateException(
          "waited %d s in vain for %s".formatted(LONGEST.toSeconds(), what));
    }
  }

  /** Whether it holds before the time is over; returns as soon as it does. */
  static boolean holdsWithin(Duration time, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(BETWEEN.toMillis());
    }
    return true;
  }
}
