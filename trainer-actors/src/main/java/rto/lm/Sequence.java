package rto.lm;

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

  /** P + H. */
  public int length() {
    return prompt.length + response.length;
  }
}
