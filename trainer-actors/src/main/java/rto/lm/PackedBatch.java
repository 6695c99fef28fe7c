package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import rto.lm.Differentiator.Read;

/**
 * Sequences of different lengths, padded to the longest. Masks come from lengths: only the
 * positions named in {@code index} are ever read, so what the padding holds does not matter.
 *
 * @param tokens [B, T] int64, right-padded
 * @param index [N] int64, flat positions in [B·T] whose hidden state is read
 * @param targets [N] int64, the token that each position predicts
 */
record PackedBatch(NDArray tokens, NDArray index, NDArray targets) implements Batch {

  static PackedBatch of(List<Sequence> sequences, Read read, NDManager scope) {
    int width = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
    ReadPositions positions = ReadPositions.of(sequences, read, s -> width);
    return new PackedBatch(
        tokens(sequences, width, scope),
        scope.create(positions.index()),
        scope.create(positions.targets()));
  }

  @Override
  public List<NDArray> arrays() {
    return List.of(tokens, index, targets);
  }

  @Override
  public NDArray keys(List<Sequence> sequences, long update, NDManager scope) {
    int width = (int) tokens.getShape().get(1);
    return scope.create(DropoutKeys.of(sequences, update, s -> width), tokens.getShape());
  }

  /** Padding is token 0. */
  private static NDArray tokens(List<Sequence> sequences, int width, NDManager scope) {
    long[] tokens = new long[sequences.size() * width];
    for (int b = 0; b < sequences.size(); b++) {
      int at = b * width;
      for (int token : sequences.get(b).tokens()) {
        tokens[at++] = token;
      }
    }
    return scope.create(tokens, new Shape(sequences.size(), width));
  }
}
