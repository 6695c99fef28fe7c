package rto.data;

import rto.protocol.Require;

/**
 * Random numbers by address instead of by state: the same key gives the same number, whoever asks,
 * when, and how often.
 *
 * <pre>
 *   mix(z)           the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; Stafford's mix 13)
 *   of(s, k)         = mix(s + (k + 1) γ),  γ = 0x9E3779B97F4A7C15, modulo 2⁶⁴
 *                      the k-th output (from 0) of a SplitMix64 that was seeded with s
 *   of(s, k₁, k₂, …) = of(of(s, k₁), k₂, …): every key opens a stream of its own
 * </pre>
 *
 * A sampled token is drawn with {@code unit(of(seed, iteration, prompt, sample, position))}. The
 * order of the keys matters. Nothing here allocates, except the permutation and the call with more
 * than five keys.
 */
public final class CounterRandom {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** The {@code key}-th output, from 0, of SplitMix64 seeded with {@code seed}. */
  public static long of(long seed, long key) {
    return mix(seed + (key + 1) * GAMMA);
  }

  public static long of(long seed, long key1, long key2) {
    return of(of(seed, key1), key2);
  }

  public static long of(long seed, long key1, long key2, long key3) {
    return of(of(seed, key1, key2), key3);
  }

  /** For a token: of(seed, iteration, prompt, sample, position). */
  public static long of(long seed, long key1, long key2, long key3, long key4) {
    return of(of(seed, key1, key2, key3), key4);
  }

  /** Any number of keys; the shorter forms give the same values without allocating. */
  public static long of(long seed, long... keys) {
    long hash = seed;
    for (long key : keys) {
      hash = of(hash, key);
    }
    return hash;
  }

  /** The upper 53 bits as a double in [0, 1). */
  public static double unit(long random) {
    return (random >>> 11) * 0x1.0p-53;
  }

  /** An integer in [0, bound); the bias is below bound / 2⁶³. */
  public static int below(int bound, long random) {
    Require.that(bound > 0, "bound: %s (expected: > 0)", bound);
    return (int) Math.multiplyHigh(random >>> 1, (long) bound << 1);
  }

  /**
   * The numbers 0..n-1 in an order that is uniform over all orders: Fisher and Yates' shuffle
   * (Durstenfeld's form), whose exchange at place i = n-1..1 takes {@code below(i + 1, of(key,
   * i))}.
   */
  public static int[] permutation(int n, long key) {
    Require.that(n >= 0, "n: %s (expected: >= 0)", n);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = below(i + 1, of(key, i));
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
