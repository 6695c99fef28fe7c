package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.protocol.Sampling;
import rto.tensor.Torch;

/** Adapters against {@link ReferenceLlama}, whose matrices are W + (α/r) B A, summed in float64. */
class AdapterTest {

  static final DecoderConfig SCALAR = Models.TINY.withHead(new Head.Scalar(0.25, 1.7));

  /** Of the hidden size from which oneDNN multiplies. */
  private static final DecoderConfig WIDE =
      new DecoderConfig(19, 256, 64, 1, 4, 2, 8, 1e-5, 10_000, 64, 1, 2, Models.language(true));

  static final LoraConfig ALL = new LoraConfig(3, 4.5, LoraConfig.MODULES);
  static final LoraConfig SOME = new LoraConfig(2, 5, List.of("down_proj", "q_proj"));
  static final double TEMPERATURE = 0.7;

  static final String SQUARES =
      """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            d = torch.sub(output, columns[0])
            return [torch.mul(torch.sum(torch.mul(d, d)), 0.5)]
      """;

  /** Every way of computing: the last keeps a layer's input alone and computes the layer again. */
  static final List<Passes> ALL_WAYS =
      List.of(
          new Passes(Kernels.PLAIN, Keeping.EVERYTHING),
          new Passes(Kernels.ROWS, Keeping.EVERYTHING),
          new Passes(Kernels.ROWS, Keeping.LAYER_INPUTS));

  @Test
  void logProbsAreThoseOfTheSumOfBaseAndProduct() {
    List<Sequence> batch = Models.sequences(Models.TINY, 5);
    for (Passes way : ALL_WAYS) {
      for (LoraConfig lora : List.of(ALL, SOME)) {
        try (Decoder plain = Models.random(Models.TINY, 1);
            Decoder base = new Decoder(Models.TINY, plain.weights().copy(), way);
            Decoder model = learned(base, Models.TINY, lora, 2)) {
          List<float[]> logProbs = model.logProbs(batch, TEMPERATURE, 3);
          for (int i = 0; i < batch.size(); i++) {
            double[] expected = merged(model).logProbs(batch.get(i), TEMPERATURE);
            double[] untouched = ReferenceLlama.of(base).logProbs(batch.get(i), TEMPERATURE);
            for (int h = 0; h < expected.length; h++) {
              assertThat((double) logProbs.get(i)[h]).isCloseTo(expected[h], within(1e-4));
            }
            assertThat(distance(expected, untouched)).isGreaterThan(0.01);
          }
        }
      }
    }
  }

  @Test
  void aFreshAdapterSaysWhatItsBaseSaysToTheBit() {
    List<Sequence> batch = Models.sequences(Models.TINY, 4);
    List<int[]> prompts = batch.stream().map(Sequence::prompt).toList();
    try (Decoder base = Models.random(Models.TINY, 7);
        Decoder fresh = base.adapted(Models.TINY, Adapter.fresh(Models.TINY, ALL, 1));
        Decoder scalar = base.adapted(SCALAR, Adapter.fresh(SCALAR, ALL, 1))) {
      assertThat(said(fresh, batch)).isDeepEqualTo(said(base, batch));
      assertThat(sampled(fresh, prompts)).isEqualTo(sampled(base, prompts));
      // (0 − mean) / std
      for (float score : scalar.scores(batch, 4)) {
        assertThat((double) score).isCloseTo(-0.25 / 1.7, within(1e-7));
      }
    }
  }

  @Test
  void samplingReadsTheAdapterAsScoringDoes() {
    for (DecoderConfig config : List.of(Models.TINY, WIDE)) {
      try (Decoder base = Models.random(config, 8);
          Decoder model = learned(base, config, ALL, 9);
          TextGenerator generator = new TextGenerator(model, 4)) {
        int[] prompt = {1, 5, 7};
        TextGenerator.Response response =
            generator
                .generate(List.of(prompt), Sampling.plain(12), 2, (r, p) -> Models.uniform(1, r, p))
                .get(0);
        Sequence sequence = new Sequence(prompt, response.tokens());
        double[] expected = merged(model).logProbs(sequence, 1);
        for (int h = 0; h < expected.length; h++) {
          assertThat((double) response.logProbs()[h]).isCloseTo(expected[h], within(1e-4));
        }
      }
    }
  }

  @Test
  void aPolicyIsComparedWithItsOwnBaseAdapterOff() {
    // KL(π_ref ‖ π) at each token, summed: 0 for a fresh adapter, more for one that has learned.
    String divergence =
        """
            def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
              return [torch.sum(output[1])]
        """;
    List<Sequence> batch = Models.sequences(Models.TINY, 2);
    try (NDManager scope = Torch.newScope();
        Decoder base = Models.random(Models.TINY, 10);
        Decoder fresh = base.adapted(Models.TINY, Adapter.fresh(Models.TINY, ALL, 1));
        Decoder other = learned(base, Models.TINY, ALL, 2)) {
      for (Passes way : ALL_WAYS) {
        Passes over = way.over(Optional.of(ALL));
        Differentiator against = Differentiator.against(base, over, divergence);
        NDList none = new NDList();
        assertThat(against.gradients(scope, fresh, batch, 1, none).get(0).getFloat())
            .isCloseTo(0, within(1e-5f));
        assertThat(against.gradients(scope, other, batch, 1, none).get(0).getFloat())
            .isGreaterThan(0.01f);
      }
    }
  }

  @Test
  void theBaseIsFreedWithTheLastThatReadsIt() {
    Decoder base = Models.random(Models.TINY, 11);
    Decoder first = base.adapted(Models.TINY, Adapter.fresh(Models.TINY, ALL, 1));
    Decoder second = base.adapted(SCALAR, Adapter.fresh(SCALAR, ALL, 2));
    NDArray embedding = base.weights().get("model.embed_tokens.weight");
    List<Sequence> batch = Models.sequences(Models.TINY, 2);
    float[][] before = said(first, batch);
    base.close();
    base.close();
    assertThat(said(first, batch)).isDeepEqualTo(before);
    first.close();
    assertThat(second.scores(batch, 2)).hasSize(2);
    second.close();
    assertThat(embedding.isReleased()).isTrue();
  }

  @Test
  void onlyWhatFitsIsAdapted() {
    try (Decoder base = Models.random(Models.TINY, 12);
        Decoder other = Models.random(Models.STORIES, 12)) {
      Adapter adapter = Adapter.fresh(Models.TINY, ALL, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> other.adapted(Models.TINY, adapter))
          .withMessageContaining("expected: for DecoderConfig");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> base.adapted(Models.TINY, new Adapter(SOME, adapter.weights())))
          .withMessageStartingWith("adapter: ");
      Differentiator plain = new Differentiator(Models.TINY, Read.EVERY_TOKEN, SQUARES);
      try (NDManager scope = Torch.newScope();
          Decoder model = base.adapted(Models.TINY, adapter)) {
        assertThatIllegalArgumentException()
            .isThrownBy(
                () ->
                    plain.gradients(
                        scope, model, Models.sequences(Models.TINY, 1), 1, new NDList()))
            .withMessageContaining("expected: the adapter of this objective, Optional.empty");
      }
    }
  }

  /** An adapter whose tensors are all far from 0. */
  static Decoder learned(Decoder base, DecoderConfig config, LoraConfig lora, long seed) {
    Random random = new Random(seed);
    Weights weights =
        Weights.from(
            Adapter.tensors(config, lora),
            (name, shape, scope) -> {
              float[] values = new float[(int) (shape[0] * shape[1])];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.4 * random.nextGaussian());
              }
              return scope.create(values, new Shape(shape));
            });
    return base.adapted(config, new Adapter(lora, weights));
  }

  /** The same model with the product added to each matrix, in float64. */
  static ReferenceLlama merged(Decoder model) {
    Map<String, double[]> weights = new HashMap<>();
    model.weights().byName().forEach((name, a) -> weights.put(name, doubles(a)));
    Adapter adapter = model.adapter().orElseThrow();
    if (model.config().head() instanceof Head.Scalar) {
      weights.put("score.weight", doubles(adapter.weights().get("score.weight")));
    }
    for (String name : model.weights().names()) {
      if (adapter.lora().adapts(name)) {
        double[] product = product(model, name);
        double[] sum = weights.get(name);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += product[i];
        }
      }
    }
    return ReferenceLlama.of(model.config(), weights);
  }

  /** (α/r) B A, [out, in]. */
  private static double[] product(Decoder model, String matrix) {
    Adapter adapter = model.adapter().orElseThrow();
    double[] a = doubles(adapter.weights().get(LoraConfig.nameOfA(matrix)));
    double[] b = doubles(adapter.weights().get(LoraConfig.nameOfB(matrix)));
    int rank = adapter.lora().rank();
    int in = a.length / rank;
    double[] product = new double[b.length / rank * in];
    for (int i = 0; i < product.length; i++) {
      for (int r = 0; r < rank; r++) {
        product[i] += adapter.lora().alpha() / rank * b[i / in * rank + r] * a[r * in + i % in];
      }
    }
    return product;
  }

  private static float[][] said(Decoder model, List<Sequence> batch) {
    return model.logProbs(batch, 1, 2).toArray(float[][]::new);
  }

  private static List<String> sampled(Decoder model, List<int[]> prompts) {
    List<String> texts = new ArrayList<>();
    try (TextGenerator generator = new TextGenerator(model, 4)) {
      generator
          .generate(prompts, Sampling.plain(8), 2, (r, p) -> Models.uniform(3, r, p))
          .forEach(r -> texts.add(Arrays.toString(r.tokens()) + Arrays.toString(r.logProbs())));
    }
    return texts;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  static double[] doubles(NDArray array) {
    float[] values = array.toFloatArray();
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
