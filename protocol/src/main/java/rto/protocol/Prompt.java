package rto.protocol;

/**
 * A prompt of the run's dataset.
 *
 * @param index its place in the dataset; part of the key of the random numbers
 * @param tokens [P], each >= 0, begin-of-sequence token included, not empty
 */
public record Prompt(int index, int[] tokens) {

  public Prompt {
    Require.that(index >= 0, "prompt index: %s (expected: >= 0)", index);
    Require.that(tokens.length > 0, "prompt %s: no tokens (expected: at least one)", index);
    for (int token : tokens) {
      Require.that(token >= 0, "prompt %s, token: %s (expected: >= 0)", index, token);
    }
  }
}
