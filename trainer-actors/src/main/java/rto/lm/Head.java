package rto.lm;

import rto.protocol.Require;

/** What sits on top of the decoder. */
public sealed interface Head {

  /** Logits over the vocabulary; a tied head is the embedding itself. */
  record Language(boolean tied) implements Head {}

  /**
   * One number per position: a reward model's score or a critic's value, normalised as {@code (raw
   * − mean) / std}.
   */
  record Scalar(double mean, double std) implements Head {

    public Scalar {
      Require.that(Double.isFinite(mean), "score mean: %s (expected: a finite number)", mean);
      Require.that(std > 0 && Double.isFinite(std), "score std: %s (expected: > 0)", std);
    }

    /** Not normalised. */
    public static Scalar raw() {
      return new Scalar(0, 1);
    }
  }
}
