package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.tensor.Torch;

/**
 * Float32 adapters over a base in bfloat16 against the same over the base in float32, within the
 * bounds of {@link Bfloat16Test}, which says where they come from.
 */
class Bfloat16AdapterTest {

  @BeforeAll
  static void processorMultipliesThem() {
    assumeTrue(ComputeType.BFLOAT16.isSupported(), "skipped: no bfloat16 on this processor");
  }

  private static final LoraConfig LORA = new LoraConfig(4, 8, LoraConfig.MODULES);
  private static final LoraConfig DROPPING = new LoraConfig(4, 8, LoraConfig.MODULES, 0.2);
  private static final List<Sequence> SEQUENCES = Models.sequences(Models.STORIES, 6);

  private static Decoder rounded(long seed) {
    return Models.random(Models.STORIES, seed).in(ComputeType.BFLOAT16).frozen();
  }

  @Test
  void logProbsAreThoseOverAFloat32BaseWithinItsRounding() {
    try (Decoder exact = Models.random(Models.STORIES, 1);
        Decoder rounded = rounded(1);
        Decoder expected = small(exact, LORA);
        Decoder model = small(rounded, LORA)) {
      Bfloat16Test.assertNear(model.logProbs(SEQUENCES, 1, 2), expected.logProbs(SEQUENCES, 1, 6));
    }
  }

  @Test
  void sampledAndScoredLogProbsAgree() {
    try (Decoder base = rounded(2);
        Decoder model = small(base, LORA)) {
      Bfloat16Test.assertSampledAndScoredAgree(model, 1);
    }
  }

  @Test
  void gradientsOfThePairsAreThoseOverAFloat32BaseWithinItsRounding() {
    for (LoraConfig lora : List.of(LORA, DROPPING)) {
      try (Decoder exact = Models.random(Models.STORIES, 3);
          Decoder rounded = rounded(3);
          Decoder expectedModel = small(exact, lora);
          Decoder model = small(rounded, lora);
          NDManager scope = Torch.newScope()) {
        NDList expected = gradients(expectedModel, scope);
        NDList actual = gradients(model, scope);
        float loss = expected.get(0).getFloat();
        assertThat(actual.get(0).getFloat()).isCloseTo(loss, within(0.01f * loss));
        assertGradientsNear(actual, expected, model);
      }
    }
  }

  /** The head is the adapter's own: float32. */
  @Test
  void scoresAndTheirGradientsAreThoseOverAFloat32BaseWithinItsRounding() {
    DecoderConfig scalar = Models.STORIES.withHead(new Head.Scalar(0.25, 1.7));
    try (Decoder exact = Models.random(Models.STORIES, 5);
        Decoder rounded = rounded(5);
        Decoder expectedModel = small(exact, scalar, LORA);
        Decoder model = small(rounded, scalar, LORA);
        NDManager scope = Torch.newScope()) {
      float[] expected = expectedModel.scores(SEQUENCES, 3);
      assertThat(model.scores(SEQUENCES, 2))
          .usingComparatorWithPrecision(0.03f)
          .containsExactly(expected);
      assertThat(IntStream.range(1, 6).mapToDouble(i -> expected[i] - expected[0]))
          .anyMatch(difference -> Math.abs(difference) > 0.1);
      assertGradientsNear(gradients(model, scope), gradients(expectedModel, scope), model);
    }
  }

  private static void assertGradientsNear(NDList actual, NDList expected, Decoder model) {
    List<String> names = model.trained().names();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < names.size(); i++) {
      int at = expected.size() - names.size() + i;
      assertThat(actual.get(at).getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(Bfloat16Test.relativeDifference(actual.get(at), expected.get(at)))
          .as(names.get(i))
          .isLessThan(Bfloat16Test.GRADIENT);
    }
  }

  @Test
  void theBaseIsThereOnceAndCanBeNeitherDigestedNorMergedInto() throws NoSuchAlgorithmException {
    try (Decoder base = rounded(4);
        Decoder policy = small(base, LORA);
        Decoder critic = small(base, LORA)) {
      for (String name : base.weights().names()) {
        NDArray shared = base.weights().get(name);
        assertThat(shared.getDataType()).isEqualTo(DataType.UNKNOWN); // DJL's name for bfloat16
        assertThat(policy.weights().get(name)).isSameAs(shared);
        assertThat(critic.tensors()).contains(shared);
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String first = base.weights().names().get(0);
      for (Runnable refused :
          List.<Runnable>of(() -> base.weights().digest(digest), () -> policy.merged())) {
        assertThatIllegalArgumentException()
            .isThrownBy(refused::run)
            .withMessage(
                "tensor %s: unknown (expected: float32, where weights are changed, written or"
                    + " digested)",
                first);
      }
    }
  }

  /** An adapter that changes what the base says and leaves it near enough to compare with. */
  private static Decoder small(Decoder base, LoraConfig lora) {
    return small(base, Models.STORIES, lora);
  }

  private static Decoder small(Decoder base, DecoderConfig config, LoraConfig lora) {
    Decoder model = AdapterTest.learned(base, config, lora, 9);
    model.trained().tensors().forEach(t -> t.muli(0.1f));
    return model;
  }

  private static NDList gradients(Decoder model, NDManager scope) {
    return new Differentiator(
            model.config(), model.passes(), Read.TOKEN_BY_TOKEN, DifferentiatorTest.NLL)
        .gradients(scope, model, SEQUENCES, 0.7, new NDList(), 5);
  }
}
