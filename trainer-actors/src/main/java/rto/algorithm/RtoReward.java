package rto.algorithm;

import java.util.EnumSet;
import java.util.Set;
import rto.protocol.ScoredTrajectory;

/**
 * The token reward of Reinforced Token Optimization [P eq. 4.7].
 *
 * <pre>
 *   r_h = β₁ (log π_dpo(y_h|s_h) − log π_ref(y_h|s_h))     d_h: how much DPO prefers this token
 *       − β₂ (log π_old(y_h|s_h) − log π_ref(y_h|s_h))     k_h: stay close to the reference
 *       + β₃ R · 1[h = H]                                  sentence reward, on the last token only
 * </pre>
 *
 * @param weights of the parts
 */
public record RtoReward(RewardWeights weights) implements TokenReward {

  @Override
  public Set<Column> needs() {
    return EnumSet.allOf(Column.class);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    return TokenRewards.sum(
        RewardTerms.dpo(scored, weights),
        RewardTerms.kl(scored, beta2),
        RewardTerms.sentence(scored, weights));
  }
}
