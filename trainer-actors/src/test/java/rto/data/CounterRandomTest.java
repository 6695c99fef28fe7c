package rto.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

  @Test
  void twoKeysAreThePublishedOutputsOfSplitMix64() {
    // The reference values that accompany SplitMix64 for seed 1234567, read as unsigned.
    String[] published = {
      "6457827717110365317",
      "3203168211198807973",
      "9817491932198370423",
      "4593380528125082431",
      "16408922859458223821"
    };
    for (int k = 0; k < published.length; k++) {
      assertThat(Long.toUnsignedString(CounterRandom.of(1234567, k))).isEqualTo(published[k]);
    }
  }

  @Test
  void twoKeysAgreeWithTheJdksSplittableRandom() {
    // The JDK's generator is SplitMix64 too: an independent writing of the same function.
    SplittableRandom jdk = new SplittableRandom(-42);
    for (int k = 0; k < 1000; k++) {
      assertThat(CounterRandom.of(-42, k)).isEqualTo(jdk.nextLong());
    }
  }

  @Test
  void everyFurtherKeyOpensTheStreamOfTheValueBefore() {
    long second = new SplittableRandom(7).longs(3).toArray()[2]; // key 2 of seed 7
    long third = new SplittableRandom(second).longs(6).toArray()[5]; // key 5 of that
    assertThat(CounterRandom.of(7, 2, 5)).isEqualTo(third);
  }

  @Test
  void formsWithFixedKeysEqualTheGeneralOne() {
    assertThat(CounterRandom.of(9, 1, 2)).isEqualTo(CounterRandom.of(9, new long[] {1, 2}));
    assertThat(CounterRandom.of(9, 1, 2, 3)).isEqualTo(CounterRandom.of(9, new long[] {1, 2, 3}));
    assertThat(CounterRandom.of(9, 1, 2, 3, 4))
        .isEqualTo(CounterRandom.of(9, new long[] {1, 2, 3, 4}));
  }

  @Test
  void orderOfKeysMatters() {
    assertThat(CounterRandom.of(9, 1, 2)).isNotEqualTo(CounterRandom.of(9, 2, 1));
  }

  @Test
  void unitIsTheUpper53BitsBelowOne() {
    assertThat(CounterRandom.unit(0)).isEqualTo(0.0);
    assertThat(CounterRandom.unit(Long.MIN_VALUE)).isEqualTo(0.5); // only the highest bit
    assertThat(CounterRandom.unit(0x7FF)).isEqualTo(0.0); // the 11 lowest bits are dropped
    assertThat(CounterRandom.unit(-1)).isEqualTo(1 - 0x1.0p-53);
  }

  @Test
  void belowScalesTheUnitIntervalToTheBound() {
    assertThat(CounterRandom.below(10, 0)).isZero();
    assertThat(CounterRandom.below(10, Long.MIN_VALUE)).isEqualTo(5); // 0.5 · 10
    assertThat(CounterRandom.below(10, -1)).isEqualTo(9); // just below 1 · 10
    assertThat(CounterRandom.below(Integer.MAX_VALUE, -1)).isEqualTo(Integer.MAX_VALUE - 1);
    assertThatThrownBy(() -> CounterRandom.below(0, 1)).hasMessage("bound: 0 (expected: > 0)");
  }

  @Test
  void permutationsOfThreeAreEquallyLikely() {
    // 6,000 keys, 6 orders: 1,000 each, standard deviation √(6000 · 1/6 · 5/6) = 29; five of them.
    Map<String, Integer> counts = new HashMap<>();
    for (int key = 0; key < 6000; key++) {
      counts.merge(Arrays.toString(CounterRandom.permutation(3, key)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(6);
    assertThat(counts.values()).allMatch(count -> Math.abs(count - 1000) < 5 * 29);
  }

  @Test
  void permutationHoldsEveryNumberOnce() {
    int[] sorted = CounterRandom.permutation(1000, 3);
    assertThat(sorted).isNotEqualTo(IntStream.range(0, 1000).toArray());
    Arrays.sort(sorted);
    assertThat(sorted).isEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(CounterRandom.permutation(0, 3)).isEmpty();
  }
}
