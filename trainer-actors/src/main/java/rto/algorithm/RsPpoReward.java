package rto.algorithm;

import java.util.EnumSet;
import java.util.Set;
import rto.protocol.ScoredTrajectory;

/**
 * PPO with the DPO reward as pure shaping: paid on the way, taken back at the end [P, ablation
 * "RS-PPO"].
 *
 * <pre>
 *   r_h = d_h − β₂ k_h + (β₃ R − Σd) · 1[h = H]
 * </pre>
 *
 * Σr is that of {@link PpoReward}: the best policy is the same, only credit comes earlier (Ng,
 * Harada and Russell, 1999, with the potential Σ_{i&lt;h} d_i and γ = 1). The clip bounds each d_i,
 * and what is taken back is the sum of the clipped ones.
 *
 * @param weights of the parts
 */
public record RsPpoReward(RewardWeights weights) implements TokenReward {

  @Override
  public Set<Column> needs() {
    return EnumSet.allOf(Column.class);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    return RewardTerms.shaped(scored, beta2, weights, Shaping::takenBack);
  }
}
