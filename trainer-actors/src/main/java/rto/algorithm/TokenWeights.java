package rto.algorithm;

import java.util.Arrays;
import rto.protocol.Require;

/**
 * Turns the mean of a batch into a plain sum: {@code Σ weight · loss} over the tokens of all its
 * micro-batches is the mean of the whole batch, however it was cut.
 */
public enum TokenWeights {
  /** Mean over the tokens of each response, then over responses: w = 1/(S · H) for S responses. */
  SEQUENCE_MEAN {
    @Override
    double weight(int length, int sequences, long tokens) {
      return 1.0 / ((double) sequences * length);
    }
  },
  /** Mean over all tokens: w = 1/ΣH. Long responses count more. */
  TOKEN_MEAN {
    @Override
    double weight(int length, int sequences, long tokens) {
      return 1.0 / tokens;
    }
  };

  abstract double weight(int length, int sequences, long tokens);

  /**
   * The weights of one response's tokens in a batch.
   *
   * @param length H of this response
   * @param sequences responses in the whole batch
   * @param tokens in the whole batch
   */
  public float[] ofOne(int length, int sequences, long tokens) {
    float[] weights = new float[length];
    Arrays.fill(weights, (float) weight(length, sequences, tokens));
    return weights;
  }

  /**
   * The weight of every token of a batch.
   *
   * @param lengths H of each response of the whole batch, each at least 1
   * @return [ΣH], the responses end to end in the order given
   */
  public float[] of(int[] lengths) {
    Require.that(lengths.length > 0, "batch: no responses (expected: at least one)");
    long tokens = 0;
    for (int length : lengths) {
      Require.that(length > 0, "response length: %s (expected: > 0)", length);
      tokens += length;
    }
    float[] weights = new float[Math.toIntExact(tokens)];
    int from = 0;
    for (int length : lengths) {
      double weight = weight(length, lengths.length, tokens);
      Arrays.fill(weights, from, from + length, (float) weight);
      from += length;
    }
    return weights;
  }
}
