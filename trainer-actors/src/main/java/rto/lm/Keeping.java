package rto.lm;

/**
 * What a decoder's forward pass keeps for its reverse. Both give the same gradient to the bit.
 *
 * <p>Kernels.PLAIN keeps everything, whatever is asked for.
 */
public enum Keeping {
  /** All that a layer's reverse reads. */
  EVERYTHING,
  /** Each layer's input: the layer is computed again for its reverse, activation checkpointing. */
  LAYER_INPUTS
}
