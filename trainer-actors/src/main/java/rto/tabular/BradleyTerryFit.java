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
    double[] free = newton(SMALLEST_MULTIPLIER, new double[d]);
    if (Vectors.norm(free) <= ball) {
      return free;
    }
    double low = Math.log(SMALLEST_MULTIPLIER);
    double high = Math.log(differences.stream().mapToDouble(Vectors::norm).sum() / ball);
    double[] theta = newton(Math.exp(high), new double[d]); // ‖θ‖ ≤ ‖Σ Δφ‖ / μ ≤ B
    for (int i = 0; i < MOST_STEPS; i++) {
      if (Vectors.norm(theta) >= ball * (1 - CLOSE_TO_THE_BALL)) {
        return theta;
      }
      double middle = (low + high) / 2;
      double[] other = newton(Math.exp(middle), theta);
      if (Vectors.norm(other) <= ball) {
        high = middle;
        theta = other;
      } else {
        low = middle;
      }
    }
    throw new IllegalStateException(
        "multiplier: not found after " + MOST_STEPS + " halvings (expected: theta on the ball)");
  }

  /** argmin −Σ log σ(Δφᵀθ) + μ/2 ‖θ‖², from a start. */
  private double[] newton(double multiplier, double[] start) {
    double[] theta = start;
    for (int i = 0; i < MOST_STEPS; i++) {
      double[] gradient = gradient(theta, multiplier);
      double[] step = new Cholesky(hessian(theta, multiplier)).solve(gradient);
      double decrement = Vectors.dot(step, gradient);
      if (decrement < CONVERGED) {
        return theta;
      }
      theta = shortened(theta, step, decrement, multiplier);
    }
    throw new IllegalStateException(
        "likelihood: no maximum after " + MOST_STEPS + " steps (expected: Newton to converge)");
  }

  /**
   * The step, halved until it does not overshoot: until the slope at its end, if it rises again, is
   * less steep than at its start. The loss itself would not do as a judge: near the end it changes
   * by less than its rounding.
   */
  private double[] shortened(double[] theta, double[] step, double decrement, double multiplier) {
    double scale = 1;
    double[] next = Vectors.plus(theta, -scale, step);
    while (Vectors.dot(gradient(next, multiplier), step) < -0.9 * decrement) {
      scale /= 2;
      next = Vectors.plus(theta, -scale, step);
    }
    return next;
  }

  private double[] gradient(double[] theta, double multiplier) {
    double[] gradient = Vectors.plus(new double[d], multiplier, theta);
    for (double[] x : differences) {
      double wrong = Logistic.of(-Vectors.dot(x, theta));
      for (int k = 0; k < d; k++) {
        gradient[k] -= wrong * x[k];
      }
    }
    return gradient;
  }

  private double[][] hessian(double[] theta, double multiplier) {
    double[][] hessian = Cholesky.diagonal(d, multiplier);
    for (double[] x : differences) {
      Cholesky.addOuter(hessian, Logistic.slope(Vectors.dot(x, theta)), x);
    }
    return hessian;
  }
}
