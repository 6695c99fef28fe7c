package rto.algorithm;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import rto.protocol.Require;
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
 * @param beta1 weight of the DPO token reward; stays small, it must shape and not dominate
 * @param beta3 weight of the sentence reward
 * @param clip bound on |d_h|, applied after scaling by β₁ [C: 0.05; not in P]; absent means none
 * @param missingEosPenalty taken off at the last token of a truncated response, in units of r_h
 */
public record RtoReward(double beta1, double beta3, OptionalDouble clip, double missingEosPenalty)
    implements TokenReward {

  public RtoReward {
    RewardTerms.requireWeight("beta1", beta1, "token rewards");
    RewardTerms.requireWeight("beta3", beta3, "the sentence reward");
    Require.that(
        clip.isEmpty() || clip.getAsDouble() >= 0,
        "token-reward-clip: %s (expected: >= 0, or off)",
        clip.orElse(0));
    RewardTerms.requireWeight("missing-eos-penalty", missingEosPenalty, "the penalty");
  }

  @Override
  public Set<Column> needs() {
    return EnumSet.allOf(Column.class);
  }

  @Override
  public TokenRewards perToken(ScoredTrajectory scored, double beta2) {
    return TokenRewards.sum(
        RewardTerms.dpo(scored, beta1, clip),
        RewardTerms.kl(scored, beta2),
        RewardTerms.sentence(scored, beta3, missingEosPenalty));
  }
}
