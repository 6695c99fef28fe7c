package rto.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

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

  /**
   * One check of several: the problem's text, or null if {@code condition} holds. Hand the results
   * to {@link #all}, so that a reader sees every mistake at once.
   */
  public static String problem(boolean condition, String message, Object... args) {
    return condition ? null : String.format(message, args);
  }

  /**
   * Throws if any of the {@linkplain #problem problems} is there.
   *
   * @param problemsOrNull nulls are checks that held
   * @throws InvalidValues with every problem
   */
  public static void all(String... problemsOrNull) {
    List<String> problems = Arrays.stream(problemsOrNull).filter(Objects::nonNull).toList();
    if (!problems.isEmpty()) {
      throw new InvalidValues(problems);
    }
  }
}
