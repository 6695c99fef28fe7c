package rto.algorithm;

import rto.protocol.Require;

/** The learning rate of each optimizer step, counted from 0. */
public sealed interface LearningRate {

  /** The rate of a step. */
  double at(long step);

  /** The same rate for every step. */
  record Constant(double rate) implements LearningRate {

    public Constant {
      requireRate(rate);
    }

    @Override
    public double at(long step) {
      return rate;
    }
  }

  /**
   * Warm-up, then a cosine down to a part of the peak [C: 3 % and 10 %].
   *
   * <pre>
   *   W = ⌈warmup · T⌉, at most T − 1
   *   s &lt; W   peak · (s + 1)/(W + 1)                             the first step already moves
   *   s ≥ W   peak · (f + (1 − f) · ½(1 + cos πp)),  p = (s − W)/(T − 1 − W)
   * </pre>
   *
   * The peak is reached at s = W, the final part f at the last step and kept after it.
   *
   * @param peak the largest rate
   * @param warmup part of all steps, in [0, 1)
   * @param finalFraction f, part of the peak, in [0, 1]
   * @param steps T, all optimizer steps of the run
   */
  record WarmupCosine(double peak, double warmup, double finalFraction, long steps)
      implements LearningRate {

    /** Keeps 0.07 · 100 = 7.000000000000001 from becoming 8 steps. */
    private static final double ROUNDING = 1e-9;

    public WarmupCosine {
      requireRate(peak);
      Require.that(0 <= warmup && warmup < 1, "warmup: %s (expected: in [0, 1))", warmup);
      Require.that(
          0 <= finalFraction && finalFraction <= 1,
          "final-fraction: %s (expected: in [0, 1])",
          finalFraction);
      Require.that(steps > 0, "steps: %s (expected: > 0)", steps);
    }

    @Override
    public double at(long step) {
      Require.that(step >= 0, "step: %s (expected: >= 0)", step);
      long warm = Math.min(steps - 1, (long) Math.ceil(warmup * steps - ROUNDING));
      if (step < warm) {
        return peak * (step + 1) / (warm + 1);
      }
      double progress = Math.min(1, (double) (step - warm) / Math.max(1, steps - 1 - warm));
      double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
      return peak * (finalFraction + (1 - finalFraction) * cosine);
    }
  }

  private static void requireRate(double rate) {
    Require.that(rate >= 0 && Double.isFinite(rate), "learning-rate: %s (expected: >= 0)", rate);
  }
}
