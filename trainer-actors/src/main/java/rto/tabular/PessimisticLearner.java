package rto.tabular;

import java.util.List;
import rto.protocol.Require;

/**
 * Reinforced Token Optimization as the paper analyses it [P Algorithm 1]: learn a linear token
 * reward from preferences, distrust it where the data are thin, plan with what is left.
 *
 * <pre>
 *   θ_MLE = argmax_{‖θ‖ ≤ B} Σ log σ(Δφᵀθ)                over the comparisons      [P eq. 4.1]
 *   Σ     = Σ Δφ Δφᵀ + λ I
 *   r̂     = φᵀθ_MLE − ϱ ‖φ‖_{Σ⁻¹}                                                   [P eq. 4.2]
 *   π̂     = argmax_π V_β^π(·; r̂)
 * </pre>
 *
 * @param beta β, of the KL penalty
 * @param ridge λ, more than 0
 * @param ball B, a bound on ‖θ*‖ that is known beforehand
 */
public record PessimisticLearner(
    Features features, TabularPolicy reference, double beta, double ridge, double ball) {

  public PessimisticLearner {
    Require.that(ridge > 0, "ridge: %s (expected: > 0)", ridge);
    Require.that(ball > 0, "ball: %s (expected: > 0)", ball);
  }

  /**
   * What the preferences say.
   *
   * @param theta θ_MLE [d]
   * @param sigma Σ
   * @param uncertainty ‖φ(s, a)‖_{Σ⁻¹} [S]
   * @param longest the largest ‖Δφ‖
   */
  public record Estimate(double[] theta, Cholesky sigma, double[] uncertainty, double longest) {

    /** ‖θ_MLE − θ*‖_Σ: the smallest ϱ with which the theorem's event holds. */
    public double error(double[] truth) {
      return sigma.norm(Vectors.difference(theta, truth));
    }
  }

  /** Learns from at least one comparison. */
  public Estimate estimate(List<PreferenceModel.Comparison> comparisons) {
    List<double[]> differences = features.differences(comparisons);
    Cholesky sigma = Cholesky.ofGram(differences, features.dimensions(), ridge);
    return new Estimate(
        BradleyTerryFit.maximumLikelihood(differences, ball),
        sigma,
        features.uncertainty(sigma),
        differences.stream().mapToDouble(Vectors::norm).max().orElseThrow());
  }

  /** r̂ [S]; a negative ϱ is the optimist, who prefers what nobody has seen. */
  public double[] reward(Estimate estimate, double rho) {
    return Vectors.plus(features.reward(estimate.theta()), -rho, estimate.uncertainty());
  }

  /** π̂. */
  public TabularPolicy plan(Estimate estimate, double rho) {
    return SoftOptimum.of(new TabularMdp(reference, reward(estimate, rho), beta)).policy();
  }

  /**
   * A ϱ with which ‖θ_MLE − θ*‖_Σ ≤ ϱ holds with probability 1 − δ, whatever θ* in the ball: the
   * O(√d) of [P Theorem 4.2] with its constants.
   *
   * <pre>
   *   g = Σ (1 − σ(Δφᵀθ*)) Δφ               the likelihood's gradient at θ*: a sum of n independent
   *                                         noises of mean 0, each in an interval of length 1
   *   ‖g‖_{Σ⁻¹} ≤ G = ½ √(d + 2√(d t) + 2t),  t = log(1/δ)           Hsu, Kakade, Zhang 2012, Thm 2.1
   *   γ = σ'(B max ‖Δφ‖)                    least curvature of −log σ inside the ball
   *   γ (‖e‖²_Σ − λ‖e‖²) ≤ eᵀg ≤ ‖e‖_Σ G,     e = θ_MLE − θ*, ‖e‖ ≤ 2B
   *   ϱ = (G/γ + √(G²/γ² + 16 λ B²)) / 2    the largest ‖e‖_Σ that the line above allows
   * </pre>
   *
   * The third line is Zhu, Jordan and Jiao's argument (arXiv:2301.11270, Lemma 3.1).
   */
  public double radius(Estimate estimate, double delta) {
    Require.that(0 < delta && delta < 1, "delta: %s (expected: in (0, 1))", delta);
    double d = features.dimensions();
    double t = Math.log(1 / delta);
    double noise = Math.sqrt(d + 2 * Math.sqrt(d * t) + 2 * t) / 2;
    double ratio = noise / Logistic.slope(ball * estimate.longest());
    return (ratio + Math.sqrt(ratio * ratio + 16 * ridge * ball * ball)) / 2;
  }
}
