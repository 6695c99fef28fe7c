package rto.algorithm;

import rto.protocol.Require;

/**
 * Generalised Advantage Estimation (Schulman et al., arXiv:1506.02438, eq. 16).
 *
 * <pre>
 *   δ_h = r_h + γ V_h+1 − V_h,   V_H+1 = 0: the response ends the episode
 *   A_h = δ_h + γλ A_h+1
 *   G_h = A_h + V_h               the critic's target
 * </pre>
 *
 * A truncated response is treated as ended too, as the release does.
 */
public record Gae(double gamma, double lambda) {

  /** Advantages A and returns G, each [H]. */
  public record Estimate(float[] advantages, float[] returns) {}

  public Gae {
    Require.that(0 <= gamma && gamma <= 1, "gamma: %s (expected: in [0, 1])", gamma);
    Require.that(0 <= lambda && lambda <= 1, "lambda: %s (expected: in [0, 1])", lambda);
  }

  /**
   * Estimates one response.
   *
   * @param r [H], rewards
   * @param V [H], V[h] is the critic on the prefix before token h
   */
  public Estimate estimate(float[] r, float[] V) {
    Require.that(
        V.length == r.length, "values: %s (expected: %s, one per reward)", V.length, r.length);
    int H = r.length;
    float[] A = new float[H];
    float[] G = new float[H];
    double nextAdvantage = 0;
    double nextValue = 0;
    for (int h = H - 1; h >= 0; h--) {
      double delta = r[h] + gamma * nextValue - V[h];
      nextAdvantage = delta + gamma * lambda * nextAdvantage;
      nextValue = V[h];
      A[h] = (float) nextAdvantage;
      G[h] = (float) (nextAdvantage + V[h]);
    }
    return new Estimate(A, G);
  }
}
