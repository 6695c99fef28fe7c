package rto.protocol;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The distribution that tokens are drawn from. Absent means off.
 *
 * @param temperature divides the logits; 0 takes the most likely token
 * @param topK keep the k most likely tokens
 * @param topP keep the smallest set of most likely tokens whose mass reaches p
 * @param maxNewTokens a response of this length without an end token is truncated
 */
public record Sampling(
    double temperature, OptionalInt topK, OptionalDouble topP, int maxNewTokens) {

  public Sampling {
    Require.that(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature: %s (expected: >= 0)",
        temperature);
    Require.that(
        topK.isEmpty() || topK.getAsInt() > 0, "top-k: %s (expected: > 0, or absent)", topK);
    Require.that(
        topP.isEmpty() || (topP.getAsDouble() > 0 && topP.getAsDouble() <= 1),
        "top-p: %s (expected: in (0, 1], or absent)",
        topP);
    Require.that(maxNewTokens > 0, "max-new-tokens: %s (expected: > 0)", maxNewTokens);
  }

  /** Temperature 1, nothing filtered: the policy's own distribution. */
  public static Sampling plain(int maxNewTokens) {
    return new Sampling(1, OptionalInt.empty(), OptionalDouble.empty(), maxNewTokens);
  }

  /** The most likely token, always. */
  public static Sampling greedy(int maxNewTokens) {
    return new Sampling(0, OptionalInt.empty(), OptionalDouble.empty(), maxNewTokens);
  }
}
