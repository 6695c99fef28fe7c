package rto.protocol;

/** Argument checks worded {@code name: value (expected: ...)}. */
public final class Require {

  private Require() {}

  /**
   * Throws unless {@code condition} holds.
   *
   * @param message a format string in the voice {@code beta1: %s (expected: >= 0)}
   * @throws IllegalArgumentException with the formatted message
   */
  public static void that(boolean condition, String message, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(message, args));
    }
  }
}
