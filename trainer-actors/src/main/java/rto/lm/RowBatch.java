package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.ToIntFunction;
import rto.lm.Differentiator.Read;

/**
 * Sequences of different lengths as the rows of one matrix, end to end, without padding: R tokens.
 * Attention alone needs the grid of B sequences by T positions, T being the most rows of a
 * sequence. What predicts every response token is read at the token before it, so that nothing
 * depends on a sequence's last token: then it has no row.
 *
 * @param read says whether last tokens have rows
 * @param tokens [R] int64
 * @param grid [B, T] int64, the row at each place of the grid; padding repeats the sequence's last
 * @param places [R] int64, the flat place of each row in the grid
 * @param index [N] int64, rows whose hidden state is read
 * @param targets [N] int64, the token that each of them predicts
 */
record RowBatch(
    Read read, NDArray tokens, NDArray grid, NDArray places, NDArray index, NDArray targets)
    implements Batch {

  static RowBatch of(List<Sequence> sequences, Read read, NDManager scope) {
    ToIntFunction<Sequence> rowsOf = rowsOf(read);
    int width = sequences.stream().mapToInt(rowsOf).max().orElseThrow();
    int rows = sequences.stream().mapToInt(rowsOf).sum();
    long[] tokens = new long[rows];
    long[] grid = new long[sequences.size() * width];
    long[] places = new long[rows];
    int row = 0;
    for (int b = 0; b < sequences.size(); b++) {
      int[] joined = sequences.get(b).tokens();
      int own = rowsOf.applyAsInt(sequences.get(b));
      for (int t = 0; t < width; t++) {
        grid[b * width + t] = row + Math.min(t, own - 1);
      }
      for (int t = 0; t < own; t++) {
        tokens[row + t] = joined[t];
        places[row + t] = (long) b * width + t;
      }
      row += own;
    }
    ReadPositions positions = ReadPositions.of(sequences, read, rowsOf);
    return new RowBatch(
        read,
        scope.create(tokens),
        scope.create(grid, new Shape(sequences.size(), width)),
        scope.create(places),
        scope.create(positions.index()),
        scope.create(positions.targets()));
  }

  private static ToIntFunction<Sequence> rowsOf(Read read) {
    return switch (read) {
      case EVERY_TOKEN, TOKEN_BY_TOKEN -> s -> s.length() - 1;
      case LAST_TOKEN -> Sequence::length;
    };
  }

  @Override
  public List<NDArray> arrays() {
    return List.of(tokens, grid, places, index, targets);
  }

  @Override
  public NDArray keys(List<Sequence> sequences, long update, NDManager scope) {
    return scope.create(DropoutKeys.of(sequences, update, rowsOf(read)));
  }
}
