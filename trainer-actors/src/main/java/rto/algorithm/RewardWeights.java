package rto.algorithm;

import java.util.OptionalDouble;
import rto.protocol.Require;

/**
 * What the parts of a token reward weigh; a variant without a part ignores its weight.
 *
 * @param beta1 of the DPO token reward; stays small, it must shape and not dominate
 * @param beta3 of the sentence reward
 * @param tokenRewardClip bound on a token's DPO part |d_h| after scaling by β₁ [C: 0.05; not in P];
 *     absent means none
 * @param missingEosPenalty taken off at the last token of a truncated response, in units of r_h
 * @param delimiters which tokens end a sentence, for the variant that pays by sentence
 */
public record RewardWeights(
    double beta1,
    double beta3,
    OptionalDouble tokenRewardClip,
    double missingEosPenalty,
    Delimiters delimiters) {

  public RewardWeights {
    Require.all(
        RewardTerms.weightProblem("beta1", beta1, "token rewards"),
        RewardTerms.weightProblem("beta3", beta3, "the sentence reward"),
        Require.problem(
            tokenRewardClip.isEmpty() || tokenRewardClip.getAsDouble() >= 0,
            "token-reward-clip: %s (expected: >= 0, or off)",
            tokenRewardClip.orElse(0)),
        RewardTerms.weightProblem("missing-eos-penalty", missingEosPenalty, "the penalty"));
  }

  /** The same weights with the sentence ends as delimiters. */
  public RewardWeights(
      double beta1, double beta3, OptionalDouble tokenRewardClip, double missingEosPenalty) {
    this(beta1, beta3, tokenRewardClip, missingEosPenalty, new Delimiters.SentenceEnds());
  }
}
