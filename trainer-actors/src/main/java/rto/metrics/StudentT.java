package rto.metrics;

import rto.protocol.Require;

/**
 * Student's t distribution with a whole number ν of degrees of freedom, exactly: its finite series
 * (Abramowitz and Stegun 26.7.3 and 26.7.4), inverted by bisection.
 *
 * <pre>
 *   A(t|ν) = P(|T| ≤ t),   θ = atan(t / √ν)
 *   ν odd:   A = 2/π (θ + sin θ (cos θ + 2/3 cos³θ + ... + (2·4···(ν−3))/(3·5···(ν−2)) cos^(ν−2) θ))
 *   ν even:  A = sin θ (1 + 1/2 cos²θ + ... + (1·3···(ν−3))/(2·4···(ν−2)) cos^(ν−2) θ)
 * </pre>
 */
final class StudentT {

  /** Above this many degrees of freedom the normal quantile is right to five digits. */
  private static final int NEARLY_NORMAL = 100_000;

  private StudentT() {}

  /** The t with P(|T| ≤ t) = 0.95. */
  static double quantile975(int degrees) {
    Require.that(degrees >= 1, "degrees of freedom: %s (expected: >= 1)", degrees);
    int nu = Math.min(degrees, NEARLY_NORMAL);
    double low = 1.9;
    double high = 13;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (within(middle, nu) < 0.95) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** P(|T| ≤ t). */
  static double within(double t, int nu) {
    double theta = Math.atan(t / Math.sqrt(nu));
    double cos2 = Math.cos(theta) * Math.cos(theta);
    boolean odd = nu % 2 == 1;
    double term = odd ? Math.cos(theta) : 1;
    double sum = nu == 1 ? 0 : term;
    for (int k = odd ? 3 : 2; k <= nu - 2; k += 2) {
      term *= (k - 1.0) / k * cos2;
      sum += term;
    }
    double series = Math.sin(theta) * sum;
    return odd ? 2 / Math.PI * (theta + series) : series;
  }
}
