package rto.algorithm;

import java.util.EnumSet;
import java.util.Set;
import rto.protocol.ScoredTrajectory;

/**
 * RTO with the DPO reward paid per sentence [P, ablation "Semi-RTO"].
 *
 * <pre>
 *   r_h = Σ_{i in h's sentence} d_i · 1[h ends its sentence] − β₂ k_h + β₃ R · 1[h = H]
 * </pre>
 *
 * A sentence ends at a delimiter, which is its last token, and at H. Two delimiters in a row: the
 * second is a sentence of its own. The clip bounds each d_i before they are summed, so that the
 * three variants that move d all move the d of {@link RtoReward}; a sum may exceed it.
 *
 * @param weights of the parts
 * @param delimiters the weights' delimiters as ids of the run's tokens; without any this is {@link
 *     DdpoReward}
 */
public record SemiRtoReward(RewardWeights weights, Set<Integer> delimiters) implements TokenReward {

  public SemiRtoReward {
    delimiters = Set.copyOf(delimiters);
  }

  @Override
  public Set<Column> needs() {
    return EnumSet.allOf(Column.class);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    int[] tokens = scored.trajectory().response();
    return RewardTerms.shaped(
        scored, beta2, weights, d -> Shaping.toDelimiters(d, tokens, delimiters));
  }
}
