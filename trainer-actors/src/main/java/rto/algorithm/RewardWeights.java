package rto.algorithm;

import java.util.OptionalDouble;

/**
 * What the parts of a token reward weigh; a variant without a part ignores its weight.
 *
 * @param beta1 of the DPO token reward
 * @param beta3 of the sentence reward
 * @param tokenRewardClip bound on a token's DPO part after scaling; absent means none
 * @param missingEosPenalty taken off at the end of a truncated response
 * @param delimiters which tokens end a sentence, for the variant that pays by sentence
 */
public record RewardWeights(
    double beta1,
    double beta3,
    OptionalDouble tokenRewardClip,
    double missingEosPenalty,
    Delimiters delimiters) {

  public RewardWeights {
    // The variant that uses all of them checks all of them.
    new RtoReward(beta1, beta3, tokenRewardClip, missingEosPenalty);
  }

  /** The same weights with the sentence ends as delimiters. */
  public RewardWeights(
      double beta1, double beta3, OptionalDouble tokenRewardClip, double missingEosPenalty) {
    this(beta1, beta3, tokenRewardClip, missingEosPenalty, new Delimiters.SentenceEnds());
  }
}
