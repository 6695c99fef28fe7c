package rto.tabular;

/**
 * Both sides of the paper's bound [P Theorem 4.2]. With θ* within ϱ of θ_MLE in the norm of Σ,
 *
 * <pre>
 *   V* − V^π̂ ≤ 2ϱ E_{d*} Σ_h ‖φ(s_h, a_h)‖_{Σ⁻¹} − β E_{d*} Σ_h KL(π*(·|s_h) ‖ π̂(·|s_h))
 * </pre>
 *
 * @param gap V* − V^π̂ under the true reward
 * @param coverage 2ϱ E_{d*} ‖φ‖_{Σ⁻¹}: how thin the data are where the best policy goes
 * @param divergence β E_{d*} KL(π*‖π̂)
 */
public record SubOptimality(double gap, double coverage, double divergence) {

  /**
   * Of what was planned with ϱ.
   *
   * @param truth the MDP with the true reward
   */
  public static SubOptimality of(
      TabularMdp truth,
      PessimisticLearner learner,
      PessimisticLearner.Estimate estimate,
      double rho) {
    TabularPolicy best = SoftOptimum.of(truth).policy();
    TabularPolicy planned = learner.plan(estimate, rho);
    return new SubOptimality(
        truth.subOptimality(planned),
        2 * rho * best.expected(estimate.uncertainty()),
        truth.beta() * best.divergence(planned));
  }

  /** The right side. */
  public double bound() {
    return coverage - divergence;
  }

  /** Whether the left side is not above the right one by more than {@code tolerance}. */
  public boolean holds(double tolerance) {
    return gap <= bound() + tolerance;
  }
}
