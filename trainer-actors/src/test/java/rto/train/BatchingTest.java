package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchingTest {

  /**
   * As the bench's models talk: prompts of 16 to 64 tokens, a response ends at any of its tokens.
   */
  private static final List<Integer> LENGTHS = lengths(new Random(1));

  private static List<Integer> lengths(Random random) {
    return random
        .ints(128, 16, 65)
        .mapToObj(
            prompt -> prompt + (int) Math.min(128, 1 - 48 * Math.log(1 - random.nextDouble())))
        .toList();
  }

  @Test
  void lessThanATenthOfTheTokensOfARealisticMixIsPadding() {
    assertThat(padding(Batching.inOrder(LENGTHS, 8))).isGreaterThan(0.3);
    assertThat(padding(Batching.byLength(LENGTHS, length -> length, 8))).isLessThan(0.1);
  }

  @Test
  void everyItemIsInOnePartAndThoseOfEqualLengthKeepTheirOrder() {
    List<int[]> items = IntStream.range(0, 9).mapToObj(i -> new int[] {3 - i % 3, i}).toList();
    List<List<int[]>> parts = Batching.byLength(items, item -> item[0], 4);
    assertThat(parts).extracting(List::size).containsExactly(4, 4, 1);
    assertThat(parts.stream().flatMap(Collection::stream).map(item -> item[1]))
        .containsExactly(2, 5, 8, 1, 4, 7, 0, 3, 6);
  }

  /** The part of what goes through a model, each padded to its part's longest, that is no token. */
  private static double padding(List<List<Integer>> parts) {
    long all =
        parts.stream()
            .mapToLong(part -> (long) part.size() * part.stream().mapToInt(n -> n).max().orElse(0))
            .sum();
    long tokens = parts.stream().flatMap(Collection::stream).mapToLong(n -> n).sum();
    return 1 - (double) tokens / all;
  }
}
