package rto.protocol;

/**
 * A number of a run is not finite any more: its settings are to blame, not the machine. The message
 * reads {@code name: value (expected: ...)}.
 */
public final class Diverged extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  public Diverged(String message) {
    super(message);
  }

  /**
   * Throws unless {@code value} is finite.
   *
   * @param message a format string in the voice {@code reward: %s (expected: a finite number)}
   */
  public static void unlessFinite(double value, String message, Object... args) {
    if (!Double.isFinite(value)) {
      throw new Diverged(String.format(message, args));
    }
  }
}
