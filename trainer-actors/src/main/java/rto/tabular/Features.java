package rto.tabular;

import java.util.List;
import rto.protocol.Require;

/**
 * What a linear reward sees of each step: r(s, a) = φ(s, a)ᵀθ [P §4.1].
 *
 * @param phi [S][d]
 */
public record Features(TokenTree tree, double[][] phi) {

  public Features {
    Require.that(
        phi.length == tree.steps(),
        "features: %s (expected: %s, one row per step)",
        phi.length,
        tree.steps());
  }

  /** d. */
  public int dimensions() {
    return phi[0].length;
  }

  /** φᵀθ [S]. */
  public double[] reward(double[] theta) {
    double[] reward = new double[phi.length];
    for (int i = 0; i < reward.length; i++) {
      reward[i] = Vectors.dot(phi[i], theta);
    }
    return reward;
  }

  /** ‖φ(s, a)‖_{Σ⁻¹} [S]: how little the data say about each step. */
  public double[] uncertainty(Cholesky sigma) {
    double[] norms = new double[phi.length];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = sigma.inverseNorm(phi[i]);
    }
    return norms;
  }

  /** Δφ of each comparison: the chosen response's feature sum less the rejected one's. */
  public List<double[]> differences(List<PreferenceModel.Comparison> comparisons) {
    return comparisons.stream()
        .map(c -> Vectors.difference(sum(c.chosen()), sum(c.rejected())))
        .toList();
  }

  /** Σ_h φ(s_h, a_h) of a response. */
  public double[] sum(int response) {
    double[] sum = new double[dimensions()];
    for (int step : tree.path(response)) {
      sum = Vectors.plus(sum, 1, phi[step]);
    }
    return sum;
  }
}
