package rto.algorithm;

import rto.protocol.Require;

/**
 * The rewards of one response and who pays what, each array [H]. At every token {@code total = dpo
 * + kl + sentence}.
 *
 * @param total what the learner sees
 * @param dpo the DPO token reward
 * @param kl the penalty for leaving the reference, −β₂k_h
 * @param sentence the sentence reward and the penalty for a missing end token
 */
public record TokenRewards(float[] total, float[] dpo, float[] kl, float[] sentence) {

  public TokenRewards {
    int tokens = total.length;
    Require.that(tokens > 0, "response: no tokens (expected: at least one)");
    requireLength("dpo rewards", dpo, tokens);
    requireLength("kl rewards", kl, tokens);
    requireLength("sentence rewards", sentence, tokens);
  }

  /** Adds the parts up, in double. */
  static TokenRewards sum(float[] dpo, float[] kl, float[] sentence) {
    float[] total = new float[kl.length];
    for (int h = 0; h < total.length; h++) {
      total[h] = (float) ((double) dpo[h] + kl[h] + sentence[h]);
    }
    return new TokenRewards(total, dpo, kl, sentence);
  }

  private static void requireLength(String name, float[] part, int tokens) {
    Require.that(
        part.length == tokens, "%s: %s (expected: %s, one per token)", name, part.length, tokens);
  }
}
