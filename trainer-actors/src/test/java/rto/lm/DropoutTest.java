package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.protocol.Sampling;
import rto.tensor.Script;
import rto.tensor.Torch;

/** Dropout before an adapter's pairs, against what it drops written a second time. */
class DropoutTest {

  private static final double P = 0.3;
  private static final LoraConfig LORA = new LoraConfig(3, 4.5, LoraConfig.MODULES, P);
  private static final LoraConfig WITHOUT = new LoraConfig(3, 4.5, LoraConfig.MODULES);

  /** p in 65536ths: 0.3 · 65536 = 19660.8. */
  private static final int DROPPED = 19_661;

  private static final long UPDATE = 77;
  private static final double TEMPERATURE = 0.7;
  private static final List<Sequence> BATCH = Models.sequences(Models.TINY, 4);

  /** The place of each matrix among a layer's tensors; the embedding stands before all. */
  private static final Map<String, Integer> PLACES =
      Map.of(
          "q_proj",
          1,
          "k_proj",
          2,
          "v_proj",
          3,
          "o_proj",
          4,
          "gate_proj",
          6,
          "up_proj",
          7,
          "down_proj",
          8);

  private static final int LAYER_TENSORS = 9;

  @Test
  void whatIsDroppedIsAFunctionOfItsAddress() {
    int channels = 10;
    long[] keys = {5, -9, Long.MIN_VALUE};
    float[] kept = kept(keys, 12, channels);
    for (int i = 0; i < kept.length; i++) {
      double expected = factor(keys[i / channels], 12, i % channels);
      assertThat((double) kept[i]).isCloseTo(expected, within(1e-6));
    }
  }

  /** Counts within four standard deviations, √(n p (1 − p)), of a binomial law. */
  @Test
  void droppedCountsFollowTheBinomialLaw() {
    int tokens = 500;
    int channels = 40;
    long[] keys = IntStream.range(0, tokens).mapToLong(t -> of(of(UPDATE, t % 7), t)).toArray();
    boolean[][] here = new boolean[tokens][channels];
    boolean[][] otherMatrix = new boolean[tokens][channels];
    fill(here, kept(keys, 1, channels));
    fill(otherMatrix, kept(keys, 2, channels));
    double p = DROPPED / 65536.0;
    int all = 0;
    int neighbours = 0;
    int matrices = 0;
    int positions = 0;
    for (int c = 0; c < channels; c++) {
      int ofChannel = 0;
      for (int t = 0; t < tokens; t++) {
        ofChannel += here[t][c] ? 1 : 0;
        matrices += here[t][c] && otherMatrix[t][c] ? 1 : 0;
        // Of disjoint pairs, which are independent.
        neighbours += c % 2 == 0 && here[t][c] && here[t][c + 1] ? 1 : 0;
        positions += t % 2 == 0 && here[t][c] && here[t + 1][c] ? 1 : 0;
      }
      assertBinomial(ofChannel, tokens, p);
      all += ofChannel;
    }
    int n = tokens * channels;
    assertBinomial(all, n, p);
    assertBinomial(matrices, n, p * p);
    assertBinomial(neighbours, n / 2, p * p);
    assertBinomial(positions, n / 2, p * p);
  }

  private static void assertBinomial(int count, int n, double p) {
    assertThat((double) count).isCloseTo(n * p, within(4 * Math.sqrt(n * p * (1 - p))));
  }

  /** Central differences in float64, of one number of A and one of B of every pair. */
  @Test
  void gradientsAreThoseOfTheSameNumbersDropped() {
    try (Decoder base = Models.random(Models.TINY, 3);
        Decoder model = AdapterTest.learned(base, Models.TINY, LORA, 4)) {
      ReferenceLlama untouched = ReferenceLlama.of(base);
      Map<String, double[]> pairs = new HashMap<>();
      model.trained().byName().forEach((name, a) -> pairs.put(name, AdapterTest.doubles(a)));
      List<Map<String, float[]>> ways =
          AdapterTest.ALL_WAYS.stream().map(way -> gradients(model, way, BATCH, UPDATE)).toList();
      for (String name : pairs.keySet()) {
        int at = pairs.get(name).length - 2;
        double slope =
            (loss(untouched, pairs, name, at, 1e-5) - loss(untouched, pairs, name, at, -1e-5))
                / 2e-5;
        for (Map<String, float[]> gradients : ways) {
          assertThat((double) gradients.get(name)[at])
              .as(name)
              .isCloseTo(slope, within(2e-4 * Math.max(1, Math.abs(slope))));
        }
      }
      assertThat(ways.get(2)).usingRecursiveComparison().isEqualTo(ways.get(1));
    }
  }

  @Test
  void cutOrderAndPaddingOfABatchChangeNothing() {
    try (Decoder base = Models.random(Models.TINY, 5);
        Decoder model = AdapterTest.learned(base, Models.TINY, LORA, 6)) {
      List<Sequence> reversed = new ArrayList<>(BATCH);
      Collections.reverse(reversed);
      for (Passes way : AdapterTest.ALL_WAYS) {
        float[] together = flat(gradients(model, way, BATCH, UPDATE));
        float[] sum = new float[together.length];
        for (Sequence alone : BATCH) {
          float[] part = flat(gradients(model, way, List.of(alone), UPDATE));
          IntStream.range(0, sum.length).forEach(i -> sum[i] += part[i]);
        }
        assertSame(sum, together);
        assertSame(flat(gradients(model, way, reversed, UPDATE)), together);
        assertThat(distance(flat(gradients(model, way, BATCH, UPDATE + 1)), together))
            .isGreaterThan(0.1);
      }
    }
  }

  @Test
  void scoringAndSamplingDropNothing() {
    try (Decoder base = Models.random(Models.TINY, 7);
        Decoder model = AdapterTest.learned(base, Models.TINY, LORA, 8);
        Decoder without = AdapterTest.learned(base, Models.TINY, WITHOUT, 8)) {
      for (int i = 0; i < BATCH.size(); i++) {
        assertThat(model.logProbs(BATCH, 1, 2).get(i))
            .containsExactly(without.logProbs(BATCH, 1, 2).get(i));
      }
      assertThat(sampled(model)).isEqualTo(sampled(without));
    }
  }

  @Test
  void onlyAPartCanBeDropped() {
    for (double p : List.of(-0.1, 1e-6, 1.0, Double.NaN)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LoraConfig(1, 1, List.of("q_proj"), p))
          .withMessage("dropout: " + p + " (expected: 0, or in [1.0E-4, 0.9999])");
    }
  }

  // --- Dropout, written a second time ---------------------------------------------------------

  /** The sum over the batch of −log π, with numbers of a pair changed. */
  private static double loss(
      ReferenceLlama base, Map<String, double[]> pairs, String name, int at, double delta) {
    Map<String, double[]> changed = new HashMap<>(pairs);
    changed.put(name, pairs.get(name).clone());
    changed.get(name)[at] += delta;
    double loss = 0;
    for (Sequence s : BATCH) {
      long key = UPDATE;
      for (int token : ReferenceLlama.joined(s)) {
        key = of(key, token);
      }
      long sequence = key;
      ReferenceLlama dropping =
          base.with(
              (matrix, w, x, t) ->
                  added(ReferenceLlama.times(w, x), pair(changed, matrix, x, of(sequence, t))));
      loss -= Arrays.stream(dropping.logProbs(s, TEMPERATURE)).sum();
    }
    return loss;
  }

  /** (α/r) B A (m ⊙ x). */
  private static double[] pair(Map<String, double[]> pairs, String matrix, double[] x, long token) {
    String[] words = matrix.split("\\."); // model.layers.0.self_attn.q_proj.weight
    int place = 1 + LAYER_TENSORS * Integer.parseInt(words[2]) + PLACES.get(words[4]);
    double[] dropped = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      dropped[c] = 1.5 * x[c] * factor(token, place, c);
    }
    double[] low = ReferenceLlama.times(pairs.get(LoraConfig.nameOfA(matrix)), dropped);
    return ReferenceLlama.times(pairs.get(LoraConfig.nameOfB(matrix)), low);
  }

  /** 0 or 1/(1 − p). */
  private static double factor(long token, int place, int channel) {
    long four = of(of(token, place), channel / 4);
    short own = (short) (four >>> 16 * (channel % 4));
    return own < DROPPED - 32_768 ? 0 : 65536.0 / (65536 - DROPPED);
  }

  /** SplitMix64. */
  private static long of(long seed, long key) {
    long z = seed + (key + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  // --- The engine -----------------------------------------------------------------------------

  /** The script's own factors, [tokens, channels]. */
  private static float[] kept(long[] keys, long place, long channels) {
    try (NDManager scope = Torch.newScope();
        InputStream in = Scripts.class.getResourceAsStream("/rto/lm/dropout.py")) {
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Object> attributes = new HashMap<>(Models.TINY.attributes());
      attributes.putAll(Adapter.attributes(Models.TINY, LORA));
      attributes.putAll(Adapter.learning(LORA));
      return Script.compile(source, attributes)
          .run(scope, "kept", place, channels, scope.create(keys))
          .singletonOrThrow()
          .toFloatArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void fill(boolean[][] dropped, float[] kept) {
    for (int i = 0; i < kept.length; i++) {
      dropped[i / dropped[0].length][i % dropped[0].length] = kept[i] == 0;
    }
  }

  private static Map<String, float[]> gradients(
      Decoder model, Passes way, List<Sequence> batch, long update) {
    Passes over = way.over(Optional.of(LORA));
    Differentiator nll =
        new Differentiator(model.config(), over, Read.EVERY_TOKEN, DifferentiatorTest.NLL);
    try (NDManager scope = Torch.newScope()) {
      NDList out = nll.gradients(scope, model, batch, TEMPERATURE, new NDList(), update);
      List<String> names = model.trained().names();
      Map<String, float[]> named = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        NDArray gradient = out.get(out.size() - names.size() + i);
        named.put(names.get(i), gradient.toFloatArray());
      }
      return named;
    }
  }

  private static String sampled(Decoder model) {
    List<int[]> prompts = BATCH.stream().map(Sequence::prompt).toList();
    try (TextGenerator generator = new TextGenerator(model, 4)) {
      StringBuilder all = new StringBuilder();
      generator
          .generate(prompts, Sampling.plain(8), 2, (r, p) -> Models.uniform(3, r, p))
          .forEach(r -> all.append(Arrays.toString(r.tokens()) + Arrays.toString(r.logProbs())));
      return all.toString();
    }
  }

  private static double[] added(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
  }

  private static float[] flat(Map<String, float[]> gradients) {
    int n = gradients.values().stream().mapToInt(g -> g.length).sum();
    float[] all = new float[n];
    int at = 0;
    for (float[] gradient : gradients.values()) {
      System.arraycopy(gradient, 0, all, at, gradient.length);
      at += gradient.length;
    }
    return all;
  }

  private static void assertSame(float[] actual, float[] expected) {
    assertThat(distance(actual, expected)).isLessThan(1e-5);
  }

  /** Of the norm of the expected ones. */
  private static double distance(float[] actual, float[] expected) {
    double squares = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(squares / norm);
  }
}
