package rto.tabular;

/** log Σ exp x, without overflow. */
final class LogSumExp {

  private LogSumExp() {}

  /** Over {@code n} entries from {@code first}; at least one is more than minus infinity. */
  static double of(double[] x, int first, int n) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = first; i < first + n; i++) {
      largest = Math.max(largest, x[i]);
    }
    double sum = 0;
    for (int i = first; i < first + n; i++) {
      sum += Math.exp(x[i] - largest);
    }
    return largest + Math.log(sum);
  }
}
