package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.tensor.Script;
import rto.tensor.Torch;

/** The choice among many tokens, by blocks, against the distribution function in float64. */
class ManyTokensTest {

  /** No multiple of a block. */
  private static final int TOKENS = 5000;

  private static final DecoderConfig CONFIG =
      new DecoderConfig(TOKENS, 8, 8, 1, 1, 1, 8, 1e-5, 10_000, 8, 1, 2, Models.language(true));

  private static final Script SCRIPT = Scripts.batches(CONFIG, Optional.empty());

  private record Choice(long[] tokens, float[] logProbs) {}

  private record Filter(double temperature, int topK, double topP) {}

  @Test
  void theTokenIsTheOneWhereTheDistributionFunctionPassesTheNumber() {
    float[][] logits = {peaked(1), peaked(2), flat(3)};
    for (Filter filter :
        new Filter[] {
          new Filter(1, 0, 1),
          new Filter(0.7, 0, 1),
          new Filter(1, 50, 1),
          new Filter(1, 0, 0.9),
          new Filter(1.3, 1000, 0.8),
          new Filter(1, 100_000, 0.1)
        }) {
      double[][] p =
          Arrays.stream(logits).map(row -> filtered(row, filter)).toArray(double[][]::new);
      for (int i = 0; i <= 60; i++) {
        double u = i == 60 ? 1 - 0x1p-53 : i / 60.0;
        Choice choice = choose(logits, u, filter);
        for (int row = 0; row < logits.length; row++) {
          int token = (int) choice.tokens[row];
          double below = Arrays.stream(p[row], 0, token).sum();
          assertThat(p[row][token]).as("%s, u = %s", filter, u).isPositive();
          assertThat(u).isBetween(below - 1e-6, below + p[row][token] + 1e-6);
          assertThat((double) choice.logProbs[row])
              .isCloseTo(Math.log(p[row][token]), within(2e-6));
        }
      }
    }
  }

  @Test
  void aRowIsTheSameBitsWhateverTheOthersNeed() {
    // The flat one needs a full sort for top-p, the peaked one does not.
    float[][] logits = {peaked(1), flat(3), peaked(2)};
    Filter filter = new Filter(1, 0, 0.9);
    for (double u : new double[] {0, 0.3, 0.6, 0.999}) {
      Choice together = choose(logits, u, filter);
      for (int row = 0; row < logits.length; row++) {
        Choice alone = choose(new float[][] {logits[row]}, u, filter);
        assertThat(alone.tokens).containsExactly(together.tokens[row]);
        assertThat(alone.logProbs).containsExactly(together.logProbs[row]);
      }
    }
  }

  @Test
  void theLastTokensCountThoughTheirBlockIsNotFull() {
    float[] last = new float[TOKENS];
    last[TOKENS - 1] = 100;
    for (double u : new double[] {0.5, 1 - 0x1p-53}) {
      assertThat(choose(new float[][] {last}, u, new Filter(1, 0, 1)).tokens)
          .containsExactly(TOKENS - 1);
    }
  }

  @Test
  void temperatureZeroIsTheMostLikelyWithCertainty() {
    float[] row = peaked(4);
    int best =
        IntStream.range(0, TOKENS)
            .boxed()
            .max(Comparator.comparing((Integer t) -> row[t]))
            .orElseThrow();
    Choice choice = choose(new float[][] {row}, 0.7, new Filter(0, 0, 1));
    assertThat(choice.tokens).containsExactly(best);
    assertThat(choice.logProbs).containsExactly(0);
  }

  private static Choice choose(float[][] logits, double u, Filter filter) {
    float[] all = new float[logits.length * TOKENS];
    double[] numbers = new double[logits.length];
    Arrays.fill(numbers, u);
    for (int row = 0; row < logits.length; row++) {
      System.arraycopy(logits[row], 0, all, row * TOKENS, TOKENS);
    }
    try (NDManager scope = Torch.newScope()) {
      NDArray z = scope.create(all, new Shape(logits.length, TOKENS));
      NDList chosen =
          SCRIPT.run(
              scope,
              "choose",
              z,
              scope.create(numbers),
              filter.temperature,
              (long) filter.topK,
              filter.topP);
      return new Choice(chosen.get(0).toLongArray(), chosen.get(1).toFloatArray());
    }
  }

  /** Probabilities after scaling, top-k and then top-p. */
  private static double[] filtered(float[] logits, Filter filter) {
    double[] z = new double[TOKENS];
    Arrays.setAll(z, t -> logits[t]);
    double[] p =
        Arrays.stream(ReferenceLlama.logSoftmax(z, filter.temperature)).map(Math::exp).toArray();
    Integer[] order = IntStream.range(0, TOKENS).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparing((Integer t) -> -p[t]));
    int k = filter.topK == 0 ? TOKENS : Math.min(filter.topK, TOKENS);
    double ofK = IntStream.range(0, k).mapToDouble(i -> p[order[i]]).sum();
    double[] kept = new double[TOKENS];
    double before = 0;
    for (int i = 0; i < k && (i == 0 || before < filter.topP); i++) {
      kept[order[i]] = p[order[i]];
      before += p[order[i]] / ofK;
    }
    double sum = Arrays.stream(kept).sum();
    return Arrays.stream(kept).map(x -> x / sum).toArray();
  }

  /** A few tokens have most of the mass. */
  private static float[] peaked(long seed) {
    return normal(seed, 3);
  }

  /** No 256 tokens reach a tenth of the mass. */
  private static float[] flat(long seed) {
    return normal(seed, 0.1);
  }

  private static float[] normal(long seed, double std) {
    Random random = new Random(seed);
    float[] row = new float[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      row[t] = (float) (std * random.nextGaussian());
    }
    return row;
  }
}
