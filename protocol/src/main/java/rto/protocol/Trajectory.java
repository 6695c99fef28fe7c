package rto.protocol;

/**
 * One sampled response.
 *
 * @param prompt the prompt, tokens included
 * @param sample which response to that prompt, from 0
 * @param response [H], the sampled tokens, each >= 0, the end token included if there is one
 * @param logProbs [H], log-probability of each sampled token under the sampling distribution
 * @param truncated the length limit ended it, not an end token
 * @param policyVersion the version that sampled it
 */
public record Trajectory(
    Prompt prompt,
    int sample,
    int[] response,
    float[] logProbs,
    boolean truncated,
    int policyVersion) {

  public Trajectory {
    Require.that(response.length > 0, "response: no tokens (expected: at least one)");
    Require.that(
        logProbs.length == response.length,
        "log-probs: %s (expected: %s, one per token)",
        logProbs.length,
        response.length);
    for (int token : response) {
      Require.that(token >= 0, "response token: %s (expected: >= 0)", token);
    }
    Require.that(sample >= 0, "sample: %s (expected: >= 0)", sample);
    Require.that(policyVersion >= 0, "policy version: %s (expected: >= 0)", policyVersion);
  }
}
