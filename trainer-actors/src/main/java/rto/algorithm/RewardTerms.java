package rto.algorithm;

import java.util.Optional;
import java.util.function.UnaryOperator;
import rto.protocol.Diverged;
import rto.protocol.Require;
import rto.protocol.ScoredTrajectory;

/** The terms that token rewards are put together from, each [H]. */
final class RewardTerms {

  /** R = clamp(r_MLE, ±10) [C, compute_reward]. */
  private static final double LARGEST_SENTENCE_REWARD = 10;

  private RewardTerms() {}

  /** The terms of {@link RtoReward}, and what a variant adds to d to pay it elsewhere. */
  static TokenRewards shaped(
      ScoredTrajectory scored, double beta2, RewardWeights w, UnaryOperator<float[]> shaping) {
    float[] d = dpo(scored, w);
    return TokenRewards.sum(d, kl(scored, beta2), sentence(scored, w), shaping.apply(d));
  }

  /** d_h = clip(β₁ (log π_dpo − log π_ref), ±c) [P eq. 4.7]; the clip, after scaling, is [C]'s. */
  static float[] dpo(ScoredTrajectory scored, RewardWeights w) {
    float[] reference = logProbs("reference", scored.reference());
    float[] dpo = logProbs("dpo", scored.dpo());
    double c = w.tokenRewardClip().orElse(Double.POSITIVE_INFINITY);
    float[] d = new float[dpo.length];
    for (int h = 0; h < d.length; h++) {
      d[h] = (float) clamp(w.beta1() * ((double) dpo[h] - reference[h]), c);
    }
    return d;
  }

  /** −β₂ k_h [P eq. 2.3]. */
  static float[] kl(ScoredTrajectory scored, double beta2) {
    requireWeight("beta2", beta2, "the KL penalty");
    double[] k = KlEstimate.perToken(scored);
    float[] penalty = new float[k.length];
    for (int h = 0; h < k.length; h++) {
      penalty[h] = (float) (-beta2 * k[h]);
    }
    return penalty;
  }

  /** β₃ R at the last token, less the penalty if the length limit ended the response. */
  static float[] sentence(ScoredTrajectory scored, RewardWeights w) {
    Require.that(scored.reward().isPresent(), "reward: absent (expected: from the reward scorer)");
    double reward = scored.reward().getAsDouble();
    Diverged.unlessFinite(reward, "reward: %s (expected: a finite number)", reward);
    double penalty = scored.trajectory().truncated() ? w.missingEosPenalty() : 0;
    float[] sentence = new float[scored.trajectory().response().length];
    sentence[sentence.length - 1] =
        (float) (w.beta3() * clamp(reward, LARGEST_SENTENCE_REWARD) - penalty);
    return sentence;
  }

  /** The column, present and finite in every place. */
  static float[] logProbs(String name, Optional<float[]> column) {
    Require.that(column.isPresent(), "%s log-probs: absent (expected: one per token)", name);
    float[] values = column.get();
    for (int h = 0; h < values.length; h++) {
      Diverged.unlessFinite(
          values[h], "%s log-probs[%s]: %s (expected: a finite number)", name, h, values[h]);
    }
    return values;
  }

  static void requireWeight(String name, double value, String what) {
    Require.all(weightProblem(name, value, what));
  }

  /** As {@link Require#problem}. */
  static String weightProblem(String name, double value, String what) {
    return Require.problem(
        value >= 0 && Double.isFinite(value),
        "%s: %s (expected: >= 0; 0 turns %s off)",
        name,
        value,
        what);
  }

  private static double clamp(double value, double bound) {
    return Math.max(-bound, Math.min(bound, value));
  }
}
