package rto.lm;

import rto.tensor.ComputeDevice;

/**
 * Who multiplies a decoder's matrices. Part of the result: the two round differently.
 *
 * <p>oneDNN's float32 product ran at twice the rate of MKL's on the processors tried, but each call
 * costs more, and it knows no autograd.
 */
public enum Kernels {
  /** libtorch's default: what small shapes are fastest with, and the only one on a GPU. */
  PLAIN,
  /** oneDNN, with weights in its own layout where they do not change; on a CPU only. */
  ONEDNN;

  /** From here on oneDNN's rate outweighs the cost of its calls. */
  private static final int LEAST_HIDDEN_SIZE = 256;

  /** What a decoder of this shape takes on this thread's device unless it is told otherwise. */
  public static Kernels of(DecoderConfig config) {
    boolean wide = config.hiddenSize() >= LEAST_HIDDEN_SIZE;
    return wide && ComputeDevice.current().isCpu() ? ONEDNN : PLAIN;
  }
}
