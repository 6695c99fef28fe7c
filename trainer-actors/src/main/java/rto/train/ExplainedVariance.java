package rto.train;

import java.util.List;

/** How much of the returns a critic foresees: 1 − Var(G − V) / Var(G) over all tokens. */
final class ExplainedVariance {

  private ExplainedVariance() {}

  /** 0 if the returns do not differ. */
  static double of(List<float[]> returns, List<float[]> values) {
    double all = variance(returns, values, 0);
    return all == 0 ? 0 : 1 - variance(returns, values, 1) / all;
  }

  /** Variance over all tokens of G − valueWeight · V. */
  private static double variance(List<float[]> returns, List<float[]> values, double valueWeight) {
    float[] g = Batching.concatenated(returns);
    float[] v = Batching.concatenated(values);
    double mean = 0;
    for (int i = 0; i < g.length; i++) {
      mean += g[i] - valueWeight * v[i];
    }
    mean /= g.length;
    double squares = 0;
    for (int i = 0; i < g.length; i++) {
      double off = g[i] - valueWeight * v[i] - mean;
      squares += off * off;
    }
    return squares / g.length;
  }
}
