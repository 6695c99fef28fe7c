package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences of different lengths as tensors. Masks come from lengths: only the positions named in
 * {@code index} are ever read, so what the padding holds does not matter.
 *
 * @param tokens [B, T] int64, right-padded
 * @param index [N] int64, flat positions in [B·T] whose hidden state is read
 * @param targets [N] int64, the token that each position predicts
 */
record PackedBatch(NDArray tokens, NDArray index, NDArray targets) {

  private static final int PADDING = 0;

  /** Every response token, read at the position before it: N = Σ H. */
  static PackedBatch everyToken(List<Sequence> sequences, NDManager scope) {
    int width = width(sequences);
    int n = sequences.stream().mapToInt(s -> s.response().length).sum();
    long[] index = new long[n];
    long[] targets = new long[n];
    int at = 0;
    for (int b = 0; b < sequences.size(); b++) {
      Sequence s = sequences.get(b);
      for (int h = 0; h < s.response().length; h++) {
        index[at] = (long) b * width + s.prompt().length + h - 1;
        targets[at] = s.response()[h];
        at++;
      }
    }
    return new PackedBatch(
        tokens(sequences, width, scope), scope.create(index), scope.create(targets));
  }

  /** Each sequence's last token: N = B. */
  static PackedBatch lastToken(List<Sequence> sequences, NDManager scope) {
    int width = width(sequences);
    long[] index = new long[sequences.size()];
    for (int b = 0; b < index.length; b++) {
      index[b] = (long) b * width + sequences.get(b).length() - 1;
    }
    return new PackedBatch(
        tokens(sequences, width, scope), scope.create(index), scope.create(new long[index.length]));
  }

  private static int width(List<Sequence> sequences) {
    return sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
  }

  private static NDArray tokens(List<Sequence> sequences, int width, NDManager scope) {
    long[] tokens = new long[sequences.size() * width];
    Arrays.fill(tokens, PADDING);
    for (int b = 0; b < sequences.size(); b++) {
      int at = b * width;
      for (int token : sequences.get(b).prompt()) {
        tokens[at++] = token;
      }
      for (int token : sequences.get(b).response()) {
        tokens[at++] = token;
      }
    }
    return scope.create(tokens, new Shape(sequences.size(), width));
  }
}
