package rto.algorithm;

import rto.protocol.Diverged;
import rto.protocol.Require;

/**
 * The KL coefficient β₂ from iteration to iteration. Immutable: the state of a run names its
 * controller, so a resumed run goes on with the same coefficient.
 */
public sealed interface KlController {

  /** β₂ of this iteration. */
  double beta2();

  /**
   * The controller of the next iteration.
   *
   * @param observedKl of this iteration, {@link KlEstimate#perResponse}
   * @param n how many responses it was observed on
   */
  KlController next(double observedKl, int n);

  /** The same controller with the coefficient that it had reached when a checkpoint was written. */
  KlController at(double beta2);

  /** The same β₂ for ever; 0 turns the penalty off. */
  record Fixed(double beta2) implements KlController {

    public Fixed {
      RewardTerms.requireWeight("beta2", beta2, "the KL penalty");
    }

    @Override
    public KlController next(double observedKl, int n) {
      return this;
    }

    @Override
    public Fixed at(double beta2) {
      return new Fixed(beta2);
    }
  }

  /**
   * Steers the KL towards a target (Ziegler et al., arXiv:1909.08593, section 2.2).
   *
   * <pre>
   *   β₂ ← β₂ (1 + clip(KL/target − 1, ±0.2) · n/horizon)
   * </pre>
   *
   * @param beta2 of this iteration; more than 0, for 0 could never change
   * @param target KL in nats per response
   * @param horizon responses over which the whole correction is made; more than 0.2 n, or one step
   *     could make β₂ negative
   */
  record Adaptive(double beta2, double target, double horizon) implements KlController {

    private static final double LARGEST_ERROR = 0.2;

    public Adaptive {
      requirePositive("beta2", beta2);
      requirePositive("target", target);
      requirePositive("horizon", horizon);
    }

    @Override
    public Adaptive at(double beta2) {
      return new Adaptive(beta2, target, horizon);
    }

    @Override
    public Adaptive next(double observedKl, int n) {
      Diverged.unlessFinite(observedKl, "observed KL: %s (expected: a finite number)", observedKl);
      Require.that(n > 0, "responses: %s (expected: > 0)", n);
      Require.that(
          horizon > LARGEST_ERROR * n,
          "kl-control.horizon: %s (expected: > %s)",
          horizon,
          LARGEST_ERROR * n);
      double error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, observedKl / target - 1));
      return new Adaptive(beta2 * (1 + error * n / horizon), target, horizon);
    }

    private static void requirePositive(String name, double value) {
      Require.that(value > 0 && Double.isFinite(value), "%s: %s (expected: > 0)", name, value);
    }
  }
}
