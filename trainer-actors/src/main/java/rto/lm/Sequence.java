package rto.lm;

import java.util.Arrays;
import rto.protocol.Require;

/**
 * A prompt and a response, as tokens.
 *
 * @param prompt [P], at least one token (its last position predicts the first response token)
 * @param response [H], at least one token
 */
public record Sequence(int[] prompt, int[] response) {

  public Sequence {
    Require.that(prompt.length > 0, "prompt: no tokens (expected: at least one)");
    Require.that(response.length > 0, "response: no tokens (expected: at least one)");
  }

  /** Prompt and response, [P + H]. */
  int[] tokens() {
    int[] tokens = Arrays.copyOf(prompt, length());
    System.arraycopy(response, 0, tokens, prompt.length, response.length);
    return tokens;
  }

  /** P + H. */
  public int length() {
    return prompt.length + response.length;
  }
}
