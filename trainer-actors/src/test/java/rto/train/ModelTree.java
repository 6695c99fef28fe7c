package rto.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.tabular.TabularMdp;
import rto.tabular.TabularPolicy;
import rto.tabular.TokenTree;

/**
 * What models say about every response to one prompt, as a tree. After an end token nothing happens
 * any more: every policy goes on with the end token for certain, at no reward.
 */
record ModelTree(int[] prompt, int endToken, TokenTree tree) {

  /** The next-token distribution at every prefix. */
  TabularPolicy policy(Decoder model) {
    double[] logits = new double[tree.steps()];
    for (int s = 0; s < tree.nodes(); s++) {
      float[] next = next(model, tree.prefix(s));
      for (int a = 0; a < tree.tokens(); a++) {
        double certain = a == endToken ? 0 : Double.NEGATIVE_INFINITY;
        logits[tree.step(s, a)] = ended(s) ? certain : next[a];
      }
    }
    return TabularPolicy.softmax(tree, logits);
  }

  /**
   * The MDP whose regularised value is RTO's objective.
   *
   * <pre>
   *   r(s, a) = β₁ log(π_dpo(a|s) / π_ref(a|s)) + β₃ R · 1[a ends the response],   β = β₂
   * </pre>
   */
  TabularMdp mdp(
      Decoder reference, Decoder dpo, Decoder scorer, double beta1, double beta2, double beta3) {
    TabularPolicy from = policy(reference);
    TabularPolicy to = policy(dpo);
    double[] reward = new double[tree.steps()];
    for (int i = 0; i < reward.length; i++) {
      if (!ended(tree.before(i))) {
        reward[i] = beta1 * (to.logProbs()[i] - from.logProbs()[i]);
        if (tree.token(i) == endToken || tree.completes(i)) {
          reward[i] += beta3 * score(scorer, tree.prefix(tree.after(i)));
        }
      }
    }
    return new TabularMdp(from, reward, beta2);
  }

  private float[] next(Decoder model, int[] prefix) {
    float[][] logits =
        model.logits(IntStream.concat(Arrays.stream(prompt), Arrays.stream(prefix)).toArray());
    return logits[logits.length - 1];
  }

  /** R, the score clamped to ±10. */
  private double score(Decoder scorer, int[] response) {
    float score = scorer.scores(List.of(new Sequence(prompt, response)), 1)[0];
    return Math.max(-10, Math.min(10, score));
  }

  private boolean ended(int node) {
    return Arrays.stream(tree.prefix(node)).anyMatch(token -> token == endToken);
  }
}
