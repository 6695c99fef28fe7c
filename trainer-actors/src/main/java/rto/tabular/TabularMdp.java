package rto.tabular;

import rto.protocol.Require;

/**
 * A prompt, a reference policy and a reward for every step: the token-wise MDP of [P §3.1] with its
 * KL-regularised objective.
 *
 * <pre>
 *   V_β^π = E_π Σ_h (r(s_h, a_h) − β log(π(a_h|s_h) / π_ref(a_h|s_h)))      [P eq. 3.2]
 * </pre>
 *
 * @param reward [S]
 * @param beta more than 0
 */
public record TabularMdp(TabularPolicy reference, double[] reward, double beta) {

  public TabularMdp {
    int steps = reference.tree().steps();
    Require.that(
        reward.length == steps, "rewards: %s (expected: %s, one per step)", reward.length, steps);
    for (double r : reward) {
      Require.that(Double.isFinite(r), "reward: %s (expected: a finite number)", r);
    }
    Require.that(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta);
  }

  public TokenTree tree() {
    return reference.tree();
  }

  /** The same prompt and reference with other rewards. */
  public TabularMdp withReward(double[] other) {
    return new TabularMdp(reference, other, beta);
  }

  /** Σ_h r(s_h, a_h) of a response. */
  public double sentenceReward(int response) {
    double sum = 0;
    for (int step : tree().path(response)) {
      sum += reward[step];
    }
    return sum;
  }

  /** V_β^π at the prompt, by enumeration of all steps. */
  public double value(TabularPolicy policy) {
    double[] paid = new double[reward.length];
    for (int i = 0; i < paid.length; i++) {
      paid[i] = reward[i] - beta * (policy.logProbs()[i] - reference.logProbs()[i]);
    }
    return policy.expected(paid);
  }

  /** V* − V^π, never negative but for rounding. */
  public double subOptimality(TabularPolicy policy) {
    return SoftOptimum.of(this).value() - value(policy);
  }
}
