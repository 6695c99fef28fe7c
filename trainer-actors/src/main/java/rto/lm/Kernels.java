package rto.lm;

/** How a decoder's passes go through the model. Part of the result: the two round differently. */
public enum Kernels {
  /**
   * Padded batches in one call of libtorch's default operators: what small shapes are fastest with.
   * Logits over the whole vocabulary exist for all tokens at once.
   */
  PLAIN,
  /**
   * Rows without padding, logits in chunks, and a reverse that is written by hand. On a CPU oneDNN
   * multiplies, with weights in its own layout where they do not change: its float32 product ran at
   * twice the rate of MKL's on the processors tried, but each call costs more, and it knows no
   * autograd. On a GPU, and in float16, libtorch multiplies.
   */
  ROWS;

  /** From here on oneDNN's rate outweighs the cost of its calls. */
  private static final int LEAST_HIDDEN_SIZE = 256;

  /** From here on logits of all tokens at once would take more memory than all else. */
  private static final int MANY_TOKENS = 4096;

  /** What a decoder of this shape takes unless it is told otherwise. */
  public static Kernels of(DecoderConfig config) {
    return of(config, ComputeType.FLOAT32);
  }

  /** The same in these numbers. */
  static Kernels of(DecoderConfig config, ComputeType type) {
    boolean large = config.hiddenSize() >= LEAST_HIDDEN_SIZE || config.vocabSize() >= MANY_TOKENS;
    return large || type != ComputeType.FLOAT32 ? ROWS : PLAIN;
  }
}
