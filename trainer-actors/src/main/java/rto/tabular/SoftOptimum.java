package rto.tabular;

/**
 * The best policy of an MDP, by soft value iteration from the leaves to the root [P eq. 3.3, 3.4].
 *
 * <pre>
 *   Q*(s, a) = r(s, a) + V*(s'),   s' = s with a appended;   V* of a complete response is 0
 *   V*(s)    = β log Σ_a π_ref(a|s) exp(Q*(s, a) / β)
 *   π*(a|s)  = π_ref(a|s) exp((Q*(s, a) − V*(s)) / β)
 * </pre>
 *
 * @param stateValues V* [N]
 * @param stepValues Q* [S]
 * @param policy π*
 */
public record SoftOptimum(double[] stateValues, double[] stepValues, TabularPolicy policy) {

  public static SoftOptimum of(TabularMdp mdp) {
    TokenTree tree = mdp.tree();
    double[] v = new double[tree.nodes()];
    double[] q = new double[tree.steps()];
    double[] scores = new double[tree.steps()];
    for (int s = tree.nodes() - 1; s >= 0; s--) {
      int first = tree.step(s, 0);
      for (int i = first; i < first + tree.tokens(); i++) {
        q[i] = mdp.reward()[i] + (tree.completes(i) ? 0 : v[tree.after(i)]);
        scores[i] = mdp.reference().logProbs()[i] + q[i] / mdp.beta();
      }
      v[s] = mdp.beta() * LogSumExp.of(scores, first, tree.tokens());
    }
    return new SoftOptimum(v, q, TabularPolicy.softmax(tree, scores));
  }

  /** V* at the prompt. */
  public double value() {
    return stateValues[0];
  }
}
