package rto.algorithm;

import java.util.EnumSet;
import java.util.Set;
import rto.protocol.ScoredTrajectory;

/**
 * The reward of plain PPO from human feedback [P eq. 2.3; C, compute_reward].
 *
 * <pre>
 *   r_h = −β₂ k_h + β₃ R · 1[h = H]
 * </pre>
 *
 * @param weights of the parts; that of the DPO token reward is not looked at
 */
public record PpoReward(RewardWeights weights) implements TokenReward {

  @Override
  public Set<Column> needs() {
    return EnumSet.of(Column.REFERENCE, Column.REWARD);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    float[] kl = RewardTerms.kl(scored, beta2);
    float[] sentence = RewardTerms.sentence(scored, weights);
    return TokenRewards.sum(new float[kl.length], kl, sentence);
  }
}
