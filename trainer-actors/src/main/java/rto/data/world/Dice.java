package rto.data.world;

import java.util.Arrays;
import java.util.List;
import rto.data.CounterRandom;

/** A stream of choices that is fixed by its key. */
final class Dice {

  private final long key;
  private long rolled;

  Dice(long key) {
    this.key = key;
  }

  /** A number in [0, n). */
  int roll(int n) {
    return CounterRandom.below(n, CounterRandom.of(key, rolled++));
  }

  boolean chance(double probability) {
    return CounterRandom.unit(CounterRandom.of(key, rolled++)) < probability;
  }

  <T> T pick(List<T> items) {
    return items.get(roll(items.size()));
  }

  /** {@code count} different items, in the order drawn. */
  <T> List<T> draw(List<T> items, int count) {
    int[] order = CounterRandom.permutation(items.size(), CounterRandom.of(key, rolled++));
    return Arrays.stream(order).limit(count).mapToObj(items::get).toList();
  }
}
