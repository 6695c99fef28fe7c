package rto.tabular;

import java.util.List;
import rto.protocol.Require;

/**
 * The most likely θ of no more than a given length [P Algorithm 1, line 3].
 *
 * <pre>
 *   θ_MLE = argmax_{‖θ‖ ≤ B} Σ log σ(Δφᵀθ)
 * </pre>
 *
 * Newton's method on the likelihood less μ/2 ‖θ‖². The ball's multiplier μ is as good as 0 if the
 * best θ lies inside, and found by bisection if not, e.g. where the chosen responses can be told
 * from the rejected ones without an error and the likelihood has no maximum.
 */
final class BradleyTerryFit {

  /** Picks the shortest of equally likely θ, and is below the rounding of everything else. */
  private static final double SMALLEST_MULTIPLIER = 1e-9;

  private static final double CLOSE_TO_THE_BALL = 1e-6;
  private static final double CONVERGED = 1e-16;
  private static final int MOST_STEPS = 200;

  private final List<double[]> differences;
  private final int d;

  private BradleyTerryFit(List<double[]> differences) {
    Require.that(!differences.isEmpty(), "comparisons: none (expected: at least one)");
    this.differences = differences;
    this.d = differences.get(0).length;
  }

  /**
   * @param differences Δφ [d] of each comparison, chosen less rejected
   * @param ball B
   */
  static double[] maximumLikelihood(List<double[]> differences, double ball) {
    return new BradleyTerryFit(differences).inside(ball);
  }

  private double[] inside(double ball) {
    double[] free = newton(SMALLEST_MULTIPLIER);
    if (Vectors.norm(free) <= ball) {
      return free;
    }
    double low = Math.log(SMALLEST_MULTIPLIER);
    double high = Math.log(differences.stream().mapToDouble(Vectors::norm).sum() / ball);
    double[] theta = newton(Math.exp(high)); // ‖θ‖ ≤ ‖Σ Δφ‖ / μ ≤ B
    while (Vectors.norm(theta) < ball * (1 - CLOSE_TO_THE_BALL)) {
      double middle = (low + high) / 2;
      double[] other = newton(Math.exp(middle));
      if (Vectors.norm(other) <= ball) {
        high = middle;
        theta = other;
      } else {
        low = middle;
      }
    }
    return theta;
  }

  /** argmin of the {@link #loss}. */
  private double[] newton(double multiplier) {
    double[] theta = new double[d];
    for (int i = 0; i < MOST_STEPS; i++) {
      double[] gradient = new double[d];
      double[][] hessian = Cholesky.diagonal(d, multiplier);
      for (int k = 0; k < d; k++) {
        gradient[k] = multiplier * theta[k];
      }
      for (double[] x : differences) {
        double z = Vectors.dot(x, theta);
        for (int k = 0; k < d; k++) {
          gradient[k] -= Logistic.of(-z) * x[k];
        }
        Cholesky.addOuter(hessian, Logistic.slope(z), x);
      }
      double[] step = new Cholesky(hessian).solve(gradient);
      double decrement = Vectors.dot(step, gradient);
      if (decrement < CONVERGED) {
        return theta;
      }
      theta = shortened(theta, step, decrement, multiplier);
    }
    throw new IllegalStateException(
        "likelihood: no maximum after " + MOST_STEPS + " steps (expected: Newton to converge)");
  }

  /** The step, halved until the loss falls as much as its slope promises in part. */
  private double[] shortened(double[] theta, double[] step, double decrement, double multiplier) {
    double before = loss(theta, multiplier);
    double rounding = 1e-14 * Math.abs(before);
    for (double scale = 1; scale > 1e-10; scale /= 2) {
      double[] next = Vectors.plus(theta, -scale, step);
      if (loss(next, multiplier) <= before - 0.1 * scale * decrement + rounding) {
        return next;
      }
    }
    throw new IllegalStateException("likelihood: no step improves on " + before);
  }

  /** −Σ log σ(Δφᵀθ) + μ/2 ‖θ‖². */
  private double loss(double[] theta, double multiplier) {
    double loss = multiplier / 2 * Vectors.dot(theta, theta);
    for (double[] x : differences) {
      loss -= Logistic.log(Vectors.dot(x, theta));
    }
    return loss;
  }
}
