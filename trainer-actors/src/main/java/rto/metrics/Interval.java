package rto.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;
import rto.protocol.Require;

/**
 * An estimate and the range that holds the true value with 95 % confidence.
 *
 * @param estimate the mean, or the share
 * @param low end of the range
 * @param high end of the range
 * @param samples how many it is made of
 */
public record Interval(double estimate, double low, double high, int samples) {

  /** 0.975 quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /** Half the width of the range: what stands behind the ±. */
  public double halfWidth() {
    return (high - low) / 2;
  }

  /**
   * The mean of independent samples, by Student's t.
   *
   * <pre>
   *   x̄ ± t(0.975, n−1) · s / √n,   s² = Σ (x − x̄)² / (n − 1)
   * </pre>
   *
   * @param x at least two
   */
  public static Interval ofMean(double[] x) {
    int n = x.length;
    Require.that(n >= 2, "samples: %s (expected: at least 2 for an interval)", n);
    double mean = Arrays.stream(x).sum() / n;
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (n - 1);
    double half = StudentT.quantile975(n - 1) * Math.sqrt(variance / n);
    return new Interval(mean, mean - half, mean + half, n);
  }

  /**
   * The mean of a − b where a[i] and b[i] belong together, e.g. two responses to one prompt. Much
   * narrower than comparing two intervals, since what the pair shares drops out.
   */
  public static Interval ofPairedDifference(double[] a, double[] b) {
    Require.that(a.length == b.length, "pairs: %s and %s (expected: equal)", a.length, b.length);
    return ofMean(IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray());
  }

  /**
   * How often a beats b, a tie counting half, by Wilson's score interval, which stays inside [0, 1]
   * and is honest near its ends.
   *
   * <pre>
   *   (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)
   * </pre>
   *
   * @param a at least one, paired with b
   */
  public static Interval ofWinRate(double[] a, double[] b) {
    Require.that(a.length == b.length, "pairs: %s and %s (expected: equal)", a.length, b.length);
    double points =
        IntStream.range(0, a.length)
            .mapToDouble(i -> a[i] > b[i] ? 1 : a[i] == b[i] ? 0.5 : 0)
            .sum();
    return ofShare(points, a.length);
  }

  /** Wilson's score interval of {@code successes} out of {@code n}. */
  public static Interval ofShare(double successes, int n) {
    Require.that(n >= 1, "samples: %s (expected: at least 1)", n);
    Require.that(
        0 <= successes && successes <= n, "successes: %s (expected: in [0, %s])", successes, n);
    double p = successes / n;
    double z2 = Z * Z;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
    return new Interval(p, Math.max(0, centre - half), Math.min(1, centre + half), n);
  }
}
