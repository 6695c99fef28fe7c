package rto.bench;

/**
 * Something that was timed, beside what it could have taken at best.
 *
 * @param name what
 * @param tokens how many were sampled, or went through the models: prompts and responses, no
 *     padding
 * @param seconds it took
 * @param boundSeconds it would take this machine if it did nothing but multiply, or read weights;
 *     NaN where nothing is bounded
 * @param residentBefore bytes of the process before it began
 * @param residentPeak the most bytes of the process meanwhile
 */
public record Measurement(
    String name,
    long tokens,
    Spread seconds,
    double boundSeconds,
    double residentBefore,
    double residentPeak) {

  public Spread tokensPerSecond() {
    return seconds.map(s -> tokens / s);
  }

  /** Tokens per second that this machine cannot exceed. */
  public double bound() {
    return tokens / boundSeconds;
  }

  /** The part of the bound that was reached: 1 is all. */
  public Spread share() {
    return seconds.map(s -> boundSeconds / s);
  }
}
