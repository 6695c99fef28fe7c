package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** Sequences of different lengths as tensors. */
sealed interface Batch permits PackedBatch, RowBatch {

  /** What the scripts that take this kind of batch begin their arguments with, in order. */
  List<NDArray> arrays();

  /**
   * The keys of {@link DropoutKeys}, [B, T] or [R] as the tokens are.
   *
   * @param sequences that this was made of
   */
  NDArray keys(List<Sequence> sequences, long update, NDManager scope);
}
