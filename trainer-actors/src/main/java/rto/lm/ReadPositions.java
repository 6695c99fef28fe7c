package rto.lm;

import java.util.List;
import java.util.function.ToIntFunction;
import rto.lm.Differentiator.Read;

/**
 * Where a batch is read.
 *
 * @param index [N] flat positions whose hidden state is read
 * @param targets [N] the token that each of them predicts; 0 where none is asked for
 */
record ReadPositions(long[] index, long[] targets) {

  /**
   * @param width how many positions of the batch a sequence takes up
   */
  static ReadPositions of(List<Sequence> sequences, Read read, ToIntFunction<Sequence> width) {
    return switch (read) {
      case EVERY_TOKEN, TOKEN_BY_TOKEN -> everyToken(sequences, width);
      case LAST_TOKEN -> lastToken(sequences, width);
    };
  }

  private static ReadPositions everyToken(List<Sequence> sequences, ToIntFunction<Sequence> width) {
    int n = sequences.stream().mapToInt(s -> s.response().length).sum();
    long[] index = new long[n];
    long[] targets = new long[n];
    int at = 0;
    long start = 0;
    for (Sequence s : sequences) {
      for (int h = 0; h < s.response().length; h++) {
        index[at] = start + s.prompt().length + h - 1;
        targets[at] = s.response()[h];
        at++;
      }
      start += width.applyAsInt(s);
    }
    return new ReadPositions(index, targets);
  }

  private static ReadPositions lastToken(List<Sequence> sequences, ToIntFunction<Sequence> width) {
    long[] index = new long[sequences.size()];
    long start = 0;
    for (int b = 0; b < index.length; b++) {
      index[b] = start + sequences.get(b).length() - 1;
      start += width.applyAsInt(sequences.get(b));
    }
    return new ReadPositions(index, new long[index.length]);
  }
}
