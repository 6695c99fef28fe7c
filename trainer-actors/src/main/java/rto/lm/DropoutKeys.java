package rto.lm;

import java.util.List;
import java.util.function.ToIntFunction;
import rto.data.CounterRandom;

/**
 * Where the random numbers of an adapter's dropout begin, as dropout.py goes on with them: one key
 * for each place of a batch,
 *
 * <pre>
 *   of(of(update, all tokens of the sequence), position)
 * </pre>
 *
 * with {@link CounterRandom#of}. So what is dropped does not depend on the sequences that go
 * through the model together, on their order or their padding; the same sequence twice in an update
 * loses the same.
 */
final class DropoutKeys {

  private DropoutKeys() {}

  /**
   * The keys of sequences, one after the other.
   *
   * @param update which update this is, of which training
   * @param width how many places of the batch a sequence takes up
   */
  static long[] of(List<Sequence> sequences, long update, ToIntFunction<Sequence> width) {
    long[] keys = new long[sequences.stream().mapToInt(width).sum()];
    int at = 0;
    for (Sequence s : sequences) {
      long key = update;
      for (int token : s.tokens()) {
        key = CounterRandom.of(key, token);
      }
      for (int t = 0; t < width.applyAsInt(s); t++) {
        keys[at++] = CounterRandom.of(key, t);
      }
    }
    return keys;
  }
}
