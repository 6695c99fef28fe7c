package rto.lm;

import rto.tensor.ComputeDevice;

/**
 * Who multiplies a decoder's matrices. Part of the result: the two round differently.
 *
 * <p>oneDNN's float32 product ran at twice the rate of MKL's on the processors tried, but each call
 * costs more, and it knows no autograd.
 */
public enum Kernels {
  /**
   * libtorch's default: what small shapes are fastest with, and the only one on a GPU. Logits over
   * the whole vocabulary exist for all tokens at once.
   */
  PLAIN,
  /**
   * oneDNN, with weights in its own layout where they do not change, and logits in chunks; on a CPU
   * only.
   */
  ONEDNN;

  /** From here on oneDNN's rate outweighs the cost of its calls. */
  private static final int LEAST_HIDDEN_SIZE = 256;

  /** From here on logits of all tokens at once would take more memory than all else. */
  private static final int MANY_TOKENS = 4096;

  /** What a decoder of this shape takes on this thread's device unless it is told otherwise. */
  public static Kernels of(DecoderConfig config) {
    boolean large = config.hiddenSize() >= LEAST_HIDDEN_SIZE || config.vocabSize() >= MANY_TOKENS;
    return large && ComputeDevice.current().isCpu() ? ONEDNN : PLAIN;
  }
}
