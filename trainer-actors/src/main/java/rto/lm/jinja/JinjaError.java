package rto.lm.jinja;

/** A template that cannot be read or rendered, or that refuses what it is given. */
public final class JinjaError extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int line;

  JinjaError(int line, String reason) {
    super(reason);
    this.line = line;
  }

  /** Where in the template, from 1. */
  public int line() {
    return line;
  }
}
