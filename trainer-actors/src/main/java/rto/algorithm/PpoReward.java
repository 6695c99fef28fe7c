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
 * @param beta3 weight of the sentence reward
 * @param missingEosPenalty taken off at the last token of a truncated response, in units of r_h
 */
public record PpoReward(double beta3, double missingEosPenalty) implements TokenReward {

  public PpoReward {
    RewardTerms.requireWeight("beta3", beta3, "the sentence reward");
    RewardTerms.requireWeight("missing-eos-penalty", missingEosPenalty, "the penalty");
  }

  @Override
  public Set<Column> needs() {
    return EnumSet.of(Column.REFERENCE, Column.REWARD);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    float[] kl = RewardTerms.kl(scored, beta2);
    float[] sentence = RewardTerms.sentence(scored, beta3, missingEosPenalty);
    return TokenRewards.sum(new float[kl.length], kl, sentence);
  }
}
