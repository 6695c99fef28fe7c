package rto.tabular;

import rto.protocol.Require;

/** M = L Lᵀ of a symmetric positive definite matrix, and what is read from it. */
public final class Cholesky {

  private final double[][] lower;

  /**
   * @param matrix [d][d], symmetric; the part above the diagonal is not read
   * @throws IllegalArgumentException if it is not positive definite
   */
  public Cholesky(double[][] matrix) {
    int d = matrix.length;
    lower = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i][j];
        for (int k = 0; k < j; k++) {
          rest -= lower[i][k] * lower[j][k];
        }
        Require.that(i != j || rest > 0, "pivot %s: %s (expected: > 0)", i, rest);
        lower[i][j] = i == j ? Math.sqrt(rest) : rest / lower[j][j];
      }
    }
  }

  /** Σ x xᵀ + ridge · I of rows x [d]. */
  static Cholesky ofGram(Iterable<double[]> rows, int d, double ridge) {
    double[][] gram = diagonal(d, ridge);
    rows.forEach(x -> addOuter(gram, 1, x));
    return new Cholesky(gram);
  }

  static double[][] diagonal(int d, double value) {
    double[][] matrix = new double[d][d];
    for (int i = 0; i < d; i++) {
      matrix[i][i] = value;
    }
    return matrix;
  }

  /** matrix += weight · x xᵀ. */
  static void addOuter(double[][] matrix, double weight, double[] x) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        matrix[i][j] += weight * x[i] * x[j];
      }
    }
  }

  /** M⁻¹ b. */
  double[] solve(double[] b) {
    double[] z = forward(b);
    for (int i = z.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < z.length; k++) {
        z[i] -= lower[k][i] * z[k];
      }
      z[i] /= lower[i][i];
    }
    return z;
  }

  /** ‖x‖_{M⁻¹} = √(xᵀ M⁻¹ x) = ‖L⁻¹x‖. */
  double inverseNorm(double[] x) {
    return Vectors.norm(forward(x));
  }

  /** ‖x‖_M = √(xᵀ M x) = ‖Lᵀx‖. */
  double norm(double[] x) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      double product = 0;
      for (int i = j; i < x.length; i++) {
        product += lower[i][j] * x[i];
      }
      sum += product * product;
    }
    return Math.sqrt(sum);
  }

  /** L⁻¹ b. */
  private double[] forward(double[] b) {
    double[] z = b.clone();
    for (int i = 0; i < z.length; i++) {
      for (int k = 0; k < i; k++) {
        z[i] -= lower[i][k] * z[k];
      }
      z[i] /= lower[i][i];
    }
    return z;
  }
}
