package rto.algorithm;

import rto.protocol.Require;

/**
 * The rewards of one response and who pays what, each array [H].
 *
 * <pre>
 *   total_h = dpo_h + kl_h + sentence_h + shaping_h      added in double, stored as float
 * </pre>
 *
 * {@code dpo} is always d_h, at the token that earned it. A variant that pays it elsewhere says so
 * in {@code shaping}: −d_h where it is taken away, the sum where it is paid.
 *
 * @param total what the learner sees
 * @param dpo d_h, the DPO token reward; zeros for a variant without
 * @param kl the penalty for leaving the reference, −β₂k_h
 * @param sentence the reward model's β₃R and the penalty for a missing end token, at H
 * @param shaping what the variant moves or takes back; sums to 0 where d is only moved, to −Σd
 *     where it is taken back
 */
public record TokenRewards(
    float[] total, float[] dpo, float[] kl, float[] sentence, float[] shaping) {

  public TokenRewards {
    int tokens = total.length;
    Require.that(tokens > 0, "response: no tokens (expected: at least one)");
    requireLength("dpo rewards", dpo, tokens);
    requireLength("kl rewards", kl, tokens);
    requireLength("sentence rewards", sentence, tokens);
    requireLength("shaping rewards", shaping, tokens);
  }

  /** Adds the parts up. */
  static TokenRewards sum(float[] dpo, float[] kl, float[] sentence, float[] shaping) {
    float[] total = new float[kl.length];
    for (int h = 0; h < total.length; h++) {
      total[h] = (float) ((double) dpo[h] + kl[h] + sentence[h] + shaping[h]);
    }
    return new TokenRewards(total, dpo, kl, sentence, shaping);
  }

  /** The same without shaping: every part is paid where it was earned. */
  static TokenRewards sum(float[] dpo, float[] kl, float[] sentence) {
    return sum(dpo, kl, sentence, new float[kl.length]);
  }

  private static void requireLength(String name, float[] part, int tokens) {
    Require.that(
        part.length == tokens, "%s: %s (expected: %s, one per token)", name, part.length, tokens);
  }
}
