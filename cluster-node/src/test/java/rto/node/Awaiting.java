package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What is so after a while, and what stays so for a while. */
final class Awaiting {

  private static final long BETWEEN_MILLIS = 50;

  private Awaiting() {}

  static <T> void becomes(Duration patience, Supplier<T> actual, T expected) {
    Instant end = Instant.now().plus(patience);
    while (!actual.get().equals(expected) && Instant.now().isBefore(end)) {
      pause();
    }
    assertThat(actual.get()).isEqualTo(expected);
  }

  static void holds(Duration duration, BooleanSupplier condition) {
    Instant end = Instant.now().plus(duration);
    while (Instant.now().isBefore(end)) {
      assertThat(condition.getAsBoolean()).isTrue();
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
