package rto.algorithm;

import rto.protocol.Require;

/**
 * The advantage without a critic (REINFORCE++; Hu, arXiv:2501.03262): the discounted return-to-go.
 *
 * <pre>
 *   G_h = r_h + γ G_h+1,   G_H+1 = 0
 * </pre>
 *
 * It is {@link Gae} with λ = 1 and V = 0; {@link Whitening} then takes off the one baseline that is
 * left, the mean over the iteration.
 */
public record ReturnToGo(double gamma) {

  public ReturnToGo {
    Require.that(0 <= gamma && gamma <= 1, "gamma: %s (expected: in [0, 1])", gamma);
  }

  /** Returns G [H] of one response's rewards [H]. */
  public float[] of(float[] r) {
    float[] G = new float[r.length];
    double next = 0;
    for (int h = r.length - 1; h >= 0; h--) {
      next = r[h] + gamma * next;
      G[h] = (float) next;
    }
    return G;
  }
}
