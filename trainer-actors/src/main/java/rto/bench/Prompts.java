package rto.bench;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Made-up prompts: any tokens but the special ones. */
final class Prompts {

  private static final int FIRST_TOKEN = 3;
  private static final long SEED = 1;

  private Prompts() {}

  /** Of lengths from half the shape's longest to the longest; always the same. */
  static List<int[]> of(BenchShape shape, int count) {
    Random random = new Random(SEED);
    int most = shape.promptTokens();
    return IntStream.range(0, count)
        .map(i -> most / 2 + random.nextInt(most / 2 + 1))
        .mapToObj(length -> random.ints(length, FIRST_TOKEN, shape.config().vocabSize()).toArray())
        .toList();
  }
}
