package rto.tabular;

import java.util.Random;
import rto.protocol.Require;

/**
 * A distribution over the next token at every prefix.
 *
 * @param logProbs [S], log π(a|s); minus infinity for a token that never comes
 */
public record TabularPolicy(TokenTree tree, double[] logProbs) {

  private static final double ROUNDING = 1e-6;

  public TabularPolicy {
    Require.that(
        logProbs.length == tree.steps(),
        "log-probs: %s (expected: %s, one per step)",
        logProbs.length,
        tree.steps());
    for (int s = 0; s < tree.nodes(); s++) {
      double sum = 0;
      for (int a = 0; a < tree.tokens(); a++) {
        sum += Math.exp(logProbs[tree.step(s, a)]);
      }
      Require.that(
          Math.abs(sum - 1) < ROUNDING, "probabilities at node %s: sum %s (expected: 1)", s, sum);
    }
  }

  /** softmax of scores [S] at every prefix. */
  public static TabularPolicy softmax(TokenTree tree, double[] scores) {
    double[] logProbs = new double[tree.steps()];
    for (int s = 0; s < tree.nodes(); s++) {
      int first = tree.step(s, 0);
      double z = LogSumExp.of(scores, first, tree.tokens());
      for (int i = first; i < first + tree.tokens(); i++) {
        logProbs[i] = scores[i] - z;
      }
    }
    return new TabularPolicy(tree, logProbs);
  }

  /** Every token equally likely everywhere. */
  public static TabularPolicy uniform(TokenTree tree) {
    return softmax(tree, new double[tree.steps()]);
  }

  /** log π(y) of a whole response. */
  public double logProb(int response) {
    double sum = 0;
    for (int step : tree.path(response)) {
      sum += logProbs[step];
    }
    return sum;
  }

  /** The most likely response; the first of several. */
  public int mode() {
    int best = 0;
    for (int y = 1; y < tree.responses(); y++) {
      if (logProb(y) > logProb(best)) {
        best = y;
      }
    }
    return best;
  }

  /** d^π [S]: how likely the policy is to take each step. */
  public double[] occupancy() {
    double[] d = new double[tree.steps()];
    for (int i = 0; i < d.length; i++) {
      int s = tree.before(i);
      double reach = s == 0 ? 1 : d[s - 1];
      d[i] = reach * Math.exp(logProbs[i]);
    }
    return d;
  }

  /** E_π Σ_h f(s_h, a_h); what f [S] is where the policy never goes does not matter. */
  public double expected(double[] f) {
    double[] d = occupancy();
    double sum = 0;
    for (int i = 0; i < d.length; i++) {
      sum += d[i] > 0 ? d[i] * f[i] : 0;
    }
    return sum;
  }

  /** E_π Σ_h KL(π(·|s_h) ‖ other(·|s_h)): both along the prefixes that this policy visits. */
  public double divergence(TabularPolicy other) {
    return expected(Vectors.difference(logProbs, other.logProbs));
  }

  /** A response, drawn token by token. */
  public int sample(Random random) {
    int node = 0;
    while (node < tree.nodes()) {
      node = tree.after(tree.step(node, token(node, random.nextDouble())));
    }
    return node - tree.nodes();
  }

  private int token(int node, double uniform) {
    double left = uniform;
    int last = 0;
    for (int a = 0; a < tree.tokens(); a++) {
      double p = Math.exp(logProbs[tree.step(node, a)]);
      if (p > 0) {
        if (left < p) {
          return a;
        }
        left -= p;
        last = a;
      }
    }
    return last;
  }
}
