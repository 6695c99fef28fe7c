package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.protocol.Sampling;
import rto.tensor.Torch;

/**
 * Computing in bfloat16 against float32. A number of bfloat16 is off by up to 2⁻⁹ of itself, 0.2 %:
 * logits near 16, as these models have them, by 0.03 from their own rounding alone, and by the same
 * order again from that of the hidden state, which each of five layers has rounded twice. Hence 0.3
 * at most and 0.06 in the mean for a log-probability; and 8 % of its norm for a gradient, whose
 * numbers have gone through some forty roundings: √40 · 0.2 % is 1.3 %, of numbers that partly
 * cancel.
 */
class Bfloat16Test {

  @BeforeAll
  static void processorMultipliesThem() {
    assumeTrue(ComputeType.BFLOAT16.isSupported(), "skipped: no bfloat16 on this processor");
  }

  private static final double MOST = 0.3;
  private static final double MEAN = 0.06;
  static final double GRADIENT = 0.08;

  private static final List<Sequence> SEQUENCES = Models.sequences(Models.STORIES, 6);

  private static Decoder rounded(long seed) {
    return Models.random(Models.STORIES, seed).in(ComputeType.BFLOAT16);
  }

  @Test
  void logProbsAreThoseOfFloat32WithinItsRounding() {
    try (Decoder exact = Models.random(Models.STORIES, 1);
        Decoder rounded = rounded(1)) {
      List<float[]> expected = exact.logProbs(SEQUENCES, 1, 6);
      assertNear(rounded.logProbs(SEQUENCES, 1, 2), expected);
    }
  }

  @Test
  void sampledAndScoredLogProbsAgree() {
    try (Decoder model = rounded(2)) {
      assertSampledAndScoredAgree(model, 1);
    }
  }

  @Test
  void gradientsAreFloat32AndThoseOfFloat32WithinItsRounding() {
    try (Decoder exact = Models.random(Models.STORIES, 3);
        Decoder rounded = rounded(3);
        NDManager scope = Torch.newScope()) {
      NDList expected = gradients(exact, scope);
      NDList actual = gradients(rounded, scope);
      float loss = expected.get(0).getFloat();
      assertThat(actual.get(0).getFloat()).isCloseTo(loss, within(0.01f * loss));
      for (int i = 2; i < expected.size(); i++) {
        assertThat(actual.get(i).getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(relativeDifference(actual.get(i), expected.get(i)))
            .as(exact.weights().names().get(i - 2))
            .isLessThan(GRADIENT);
      }
    }
  }

  /** A step that bfloat16 could not tell from none: 2⁻¹² of a weight. */
  @Test
  void stepsSmallerThanItsRoundingAddUpInTheWeights() {
    try (Decoder model = rounded(4);
        NDManager scope = Torch.newScope()) {
      List<float[]> before = model.logProbs(SEQUENCES, 1, 6);
      NDArray embedding = model.weights().get("model.embed_tokens.weight");
      float[] start = embedding.toFloatArray();
      for (int step = 0; step < 64; step++) {
        embedding.muli(scope.create(1 + 0x1p-12f));
        model.weightsChanged();
      }
      assertThat(embedding.toFloatArray()[7] / start[7]).isCloseTo(1.0158f, within(1e-4f));
      List<float[]> after = model.logProbs(SEQUENCES, 1, 6);
      assertThat(after.get(1)).isNotEqualTo(before.get(1));
      try (Decoder again =
          new Decoder(Models.STORIES, model.weights().copy()).in(ComputeType.BFLOAT16)) {
        assertThat(again.logProbs(SEQUENCES, 1, 6).get(1)).containsExactly(after.get(1));
      }
    }
  }

  @Test
  void aFrozenModelHoldsNothingElseAndSaysTheSame() {
    try (Decoder model = rounded(5);
        Decoder frozen = rounded(5).frozen()) {
      // DJL has no name for it.
      frozen
          .weights()
          .tensors()
          .forEach(t -> assertThat(t.getDataType()).isEqualTo(DataType.UNKNOWN));
      assertThat(frozen.logProbs(SEQUENCES, 1, 6).get(1))
          .containsExactly(model.logProbs(SEQUENCES, 1, 6).get(1));
    }
  }

  @Test
  void plainKernelsDoNotComputeInIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Passes(Kernels.PLAIN, ComputeType.BFLOAT16, Keeping.EVERYTHING))
        .withMessage("kernels: PLAIN (expected: ROWS, for BFLOAT16)");
  }

  private static NDList gradients(Decoder model, NDManager scope) {
    return new Differentiator(
            model.config(), model.passes(), Read.TOKEN_BY_TOKEN, DifferentiatorTest.NLL)
        .gradients(scope, model, SEQUENCES, 0.7, new NDList());
  }

  /** What is scored afterwards is near what was said when it was sampled. */
  static void assertSampledAndScoredAgree(Decoder model, double finer) {
    List<int[]> prompts = SEQUENCES.stream().map(Sequence::prompt).toList();
    List<TextGenerator.Response> responses;
    try (TextGenerator generator = new TextGenerator(model, 4)) {
      responses =
          generator.generate(prompts, Sampling.plain(20), 2, (r, h) -> Models.uniform(1, r, h));
    }
    List<Sequence> sampled =
        IntStream.range(0, prompts.size())
            .mapToObj(i -> new Sequence(prompts.get(i), responses.get(i).tokens()))
            .toList();
    assertNear(
        model.logProbs(sampled, 1, 6),
        responses.stream().map(TextGenerator.Response::logProbs).toList(),
        finer);
  }

  static void assertNear(List<float[]> actual, List<float[]> expected) {
    assertNear(actual, expected, 1);
  }

  /**
   * @param finer how many times as fine as bfloat16 the numbers are
   */
  static void assertNear(List<float[]> actual, List<float[]> expected, double finer) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < expected.size(); i++) {
      for (int h = 0; h < expected.get(i).length; h++) {
        double difference = Math.abs((double) actual.get(i)[h] - expected.get(i)[h]);
        assertThat(difference).isLessThan(MOST / finer);
        sum += difference;
        n++;
      }
    }
    assertThat(sum / n).isBetween(1e-6, MEAN / finer);
  }

  static double relativeDifference(NDArray actual, NDArray expected) {
    float[] a = actual.toFloatArray();
    float[] e = expected.toFloatArray();
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < e.length; i++) {
      difference += Math.pow((double) a[i] - e[i], 2);
      norm += Math.pow(e[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
