package rto.lm;

/**
 * The numbers that a decoder's matrices are multiplied in. Norms, softmax, log-probabilities and
 * losses are float32 in both, and so is everything that an optimizer steps.
 */
public enum ComputeType {
  FLOAT32,
  /**
   * Eight bits of fraction: half the memory, and twice to four times the rate where hardware has
   * it.
   */
  BFLOAT16
}
