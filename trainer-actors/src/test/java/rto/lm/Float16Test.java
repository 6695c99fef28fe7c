package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.tensor.Torch;

/**
 * Computing in float16 against float32. It has three bits of fraction more than bfloat16: the
 * bounds of {@link Bfloat16Test}, which says where they come from, divided by eight.
 */
class Float16Test {

  private static final double FINER = 8;

  private static final List<Sequence> SEQUENCES = Models.sequences(Models.STORIES, 6);

  private static Decoder rounded(long seed) {
    return Models.random(Models.STORIES, seed).in(ComputeType.FLOAT16);
  }

  @Test
  void logProbsAreThoseOfFloat32WithinItsRounding() {
    try (Decoder exact = Models.random(Models.STORIES, 1);
        Decoder rounded = rounded(1)) {
      List<float[]> expected = exact.logProbs(SEQUENCES, 1, 6);
      Bfloat16Test.assertNear(rounded.logProbs(SEQUENCES, 1, 2), expected, FINER);
    }
  }

  @Test
  void sampledAndScoredLogProbsAgree() {
    try (Decoder model = rounded(2)) {
      Bfloat16Test.assertSampledAndScoredAgree(model, FINER);
    }
  }

  /**
   * The second weight is that of a token in a mean over a million: float16 begins at 6 · 10⁻⁸, and
   * parts of a token's gradient are far below it.
   */
  @ParameterizedTest
  @ValueSource(floats = {1, 1e-6f, 1e6f})
  void gradientsAreThoseOfFloat32HoweverSmallOrLargeALossIs(float weight) {
    try (Decoder exact = Models.random(Models.STORIES, 3);
        Decoder rounded = rounded(3);
        NDManager scope = Torch.newScope()) {
      NDList expected = gradients(exact, Read.TOKEN_BY_TOKEN, weight, scope);
      assertNear(gradients(rounded, Read.TOKEN_BY_TOKEN, weight, scope), expected, exact);
    }
  }

  @Test
  void aLossThatWeighsNothingHasGradientsOfZero() {
    try (Decoder rounded = rounded(3);
        NDManager scope = Torch.newScope()) {
      NDList gradients = gradients(rounded, Read.TOKEN_BY_TOKEN, 0, scope);
      assertThat(gradients.subList(1, gradients.size()))
          .allSatisfy(g -> assertThat(g.toFloatArray()).containsOnly(0));
    }
  }

  @Test
  void gradientsOfAdaptersAndTheirScalarHeadAreThoseOverAFloat32Base() {
    LoraConfig lora = new LoraConfig(4, 8, LoraConfig.MODULES, 0.2);
    DecoderConfig scalar = Models.STORIES.withHead(new Head.Scalar(0.25, 1.7));
    for (DecoderConfig config : List.of(Models.STORIES, scalar)) {
      try (Decoder exact = Models.random(Models.STORIES, 3);
          Decoder base = rounded(3).frozen();
          Decoder expectedModel = AdapterTest.learned(exact, config, lora, 9);
          Decoder model = AdapterTest.learned(base, config, lora, 9)) {
        assertAdaptersNear(model, expectedModel);
      }
    }
  }

  private static void assertAdaptersNear(Decoder model, Decoder expectedModel) {
    try (NDManager scope = Torch.newScope()) {
      for (Decoder one : List.of(model, expectedModel)) {
        one.trained().tensors().forEach(t -> t.muli(0.1f));
      }
      NDList expected = gradients(expectedModel, Read.EVERY_TOKEN, 1e-6f, scope);
      assertNear(gradients(model, Read.EVERY_TOKEN, 1e-6f, scope), expected, expectedModel);
    }
  }

  @Test
  void aFrozenModelHoldsNothingElseAndSaysTheSame() {
    try (Decoder model = rounded(5);
        Decoder frozen = rounded(5).frozen()) {
      assertThat(frozen.weights().tensors())
          .allSatisfy(t -> assertThat(t.getDataType()).isEqualTo(DataType.FLOAT16));
      assertThat(frozen.logProbs(SEQUENCES, 1, 6).get(1))
          .containsExactly(model.logProbs(SEQUENCES, 1, 6).get(1));
    }
  }

  private static void assertNear(NDList actual, NDList expected, Decoder model) {
    float loss = expected.get(0).getFloat();
    assertThat(actual.get(0).getFloat()).isCloseTo(loss, within(0.01f * Math.abs(loss)));
    List<String> names = model.trained().names();
    assertThat(actual).hasSize(1 + names.size());
    for (int i = 0; i < names.size(); i++) {
      assertThat(actual.get(1 + i).getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(Bfloat16Test.relativeDifference(actual.get(1 + i), expected.get(1 + i)))
          .as(names.get(i))
          .isLessThan(Bfloat16Test.GRADIENT / FINER);
    }
  }

  private static NDList gradients(Decoder model, Read read, float weight, NDManager scope) {
    String objective =
        """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            return [torch.neg(torch.sum(torch.mul(output, columns[0])))]
        """;
    int tokens = SEQUENCES.stream().mapToInt(s -> s.response().length).sum();
    NDList columns = new NDList(scope.ones(new Shape(tokens)).mul(weight));
    return new Differentiator(model.config(), model.passes(), read, objective)
        .gradients(scope, model, SEQUENCES, 0.7, columns, 5);
  }
}
