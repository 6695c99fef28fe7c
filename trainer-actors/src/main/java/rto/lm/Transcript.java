package rto.lm;

import java.util.Arrays;
import java.util.Set;
import rto.lm.TextGenerator.Response;
import rto.protocol.Diverged;
import rto.protocol.Sampling;

/** One response while it is written. */
final class Transcript {

  private final int request;
  private final Set<Integer> endTokens;
  private final int[] tokens;
  private final float[] logProbs;
  private int length;

  /**
   * @param request its place among the prompts
   */
  Transcript(int request, Generation.Request all) {
    this.request = request;
    this.endTokens = all.endTokens();
    Sampling sampling = all.sampling();
    this.tokens = new int[sampling.maxNewTokens()];
    this.logProbs = new float[sampling.maxNewTokens()];
  }

  /** Which prompt this responds to. */
  int request() {
    return request;
  }

  int length() {
    return length;
  }

  void add(long token, float logProb) {
    Diverged.unlessFinite(
        logProb,
        "log-prob of token %s of response %s: %s (expected: a number; do the weights hold NaN?)",
        length,
        request,
        logProb);
    tokens[length] = (int) token;
    logProbs[length] = logProb;
    length++;
  }

  /** Whether an end token stands at the end. */
  boolean ended() {
    return length > 0 && endTokens.contains(tokens[length - 1]);
  }

  /** Whether nothing more can be added. */
  boolean finished() {
    return ended() || length == tokens.length;
  }

  Response response() {
    return new Response(Arrays.copyOf(tokens, length), Arrays.copyOf(logProbs, length), !ended());
  }
}
