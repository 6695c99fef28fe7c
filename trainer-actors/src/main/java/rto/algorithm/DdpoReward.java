package rto.algorithm;

import java.util.EnumSet;
import java.util.Set;
import rto.protocol.ScoredTrajectory;

/**
 * RTO with the DPO reward paid once, at the end [P, ablation "DDPO"].
 *
 * <pre>
 *   r_h = −β₂ k_h + (Σd + β₃ R) · 1[h = H]
 * </pre>
 *
 * The clip bounds each d_i before they are summed.
 *
 * @param weights of the parts
 */
public record DdpoReward(RewardWeights weights) implements TokenReward {

  @Override
  public Set<Column> needs() {
    return EnumSet.allOf(Column.class);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    return RewardTerms.shaped(scored, beta2, weights, Shaping::toTheEnd);
  }
}
