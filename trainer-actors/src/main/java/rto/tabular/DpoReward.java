package rto.tabular;

/**
 * The token reward that a policy implies [P eq. 4.5].
 *
 * <pre>
 *   r*(s, a) = β log(π(a|s) / π_ref(a|s))
 * </pre>
 *
 * Of the best policy π* = π_ref exp((Q* − V*)/β) it is r(s, a) + V*(s') − V*(s): the reward that
 * made it plus a potential, so that it makes the same policy and the same preferences.
 */
public final class DpoReward {

  private DpoReward() {}

  /** r* [S]; 0 where the reference never goes. */
  public static double[] of(TabularPolicy policy, TabularPolicy reference, double beta) {
    double[] reward = new double[policy.logProbs().length];
    for (int i = 0; i < reward.length; i++) {
      double possible = reference.logProbs()[i];
      reward[i] =
          possible == Double.NEGATIVE_INFINITY ? 0 : beta * (policy.logProbs()[i] - possible);
    }
    return reward;
  }
}
