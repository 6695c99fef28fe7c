package rto.lm;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Sequences of different lengths as tensors. */
sealed interface Batch permits PackedBatch, RowBatch {

  /** What the scripts that take this kind of batch begin their arguments with, in order. */
  List<NDArray> arrays();
}
