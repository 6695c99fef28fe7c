package rto.lm;

import rto.protocol.Require;

/** What becomes of a rotary frequency ω = θ^(−2e/E), in radians per position. */
public sealed interface RopeScaling {

  /** ω stays. */
  record None() implements RopeScaling {}

  /** ω / factor: positions are squeezed together (Chen et al., arXiv:2306.15595). */
  record Linear(double factor) implements RopeScaling {

    public Linear {
      requireFactor(factor);
    }
  }

  /**
   * Llama 3.1's: fast frequencies stay, slow ones are divided by the factor, those between are
   * blended.
   *
   * <pre>
   *   n = C ω / 2π                     turns over the original context C
   *   k = clamp((n − low) / (high − low), 0, 1)
   *   ω' = k ω + (1 − k) ω / factor
   * </pre>
   *
   * @param factor ≥ 1
   * @param lowFrequency low, in turns over the original context
   * @param highFrequency high, above low
   * @param originalPositions C
   */
  record Llama3(double factor, double lowFrequency, double highFrequency, int originalPositions)
      implements RopeScaling {

    public Llama3 {
      requireFactor(factor);
      Require.that(
          lowFrequency >= 0 && Double.isFinite(lowFrequency),
          "rope low_freq_factor: %s (expected: >= 0)",
          lowFrequency);
      Require.that(
          highFrequency > lowFrequency && Double.isFinite(highFrequency),
          "rope high_freq_factor: %s (expected: above low_freq_factor, %s)",
          highFrequency,
          lowFrequency);
      Require.that(
          originalPositions > 0,
          "rope original_max_position_embeddings: %s (expected: > 0)",
          originalPositions);
    }
  }

  private static void requireFactor(double factor) {
    Require.that(
        factor >= 1 && Double.isFinite(factor), "rope factor: %s (expected: >= 1)", factor);
  }
}
