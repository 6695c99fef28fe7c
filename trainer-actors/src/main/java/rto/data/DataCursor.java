package rto.data;

import rto.protocol.Require;

/**
 * A seeded walk over the items 0..n-1 of a dataset: every item exactly once per epoch, each epoch
 * in an order of its own.
 *
 * <pre>
 *   position p ≥ 0 of the walk lies in epoch e = p / n, at place p mod n
 *   its item    = permutation(n, of(seed, e))[p mod n]           see {@link CounterRandom}
 *   batch(k, b) = the items at positions k·b .. k·b + b − 1; it may run over the end of an epoch
 * </pre>
 *
 * All of it is a function of (n, seed, position), so resuming needs no state but the step's number.
 * The order of the epoch last asked for is kept, which only saves time; threads may share a cursor.
 */
public final class DataCursor {

  private record Epoch(long number, int[] order) {}

  private final int items;
  private final long seed;
  private volatile Epoch last = new Epoch(-1, new int[0]);

  /** A walk over {@code items} items. */
  public DataCursor(int items, long seed) {
    Require.that(items > 0, "dataset size: %s (expected: > 0)", items);
    this.items = items;
    this.seed = seed;
  }

  /**
   * The items of step {@code step} (from 0) when every step takes {@code size} of them; a batch
   * larger than the dataset holds items more than once.
   */
  public int[] batch(long step, int size) {
    Require.that(step >= 0, "step: %s (expected: >= 0)", step);
    Require.that(size > 0, "batch size: %s (expected: > 0)", size);
    long first = Math.multiplyExact(step, (long) size);
    int[] batch = new int[size];
    for (int i = 0; i < size; i++) {
      batch[i] = item(Math.addExact(first, i));
    }
    return batch;
  }

  /** The item at one position of the walk. */
  public int item(long position) {
    Require.that(position >= 0, "position: %s (expected: >= 0)", position);
    return order(position / items)[(int) (position % items)];
  }

  private int[] order(long epoch) {
    Epoch known = last;
    if (known.number() != epoch) {
      known = new Epoch(epoch, CounterRandom.permutation(items, CounterRandom.of(seed, epoch)));
      last = known;
    }
    return known.order();
  }
}
