package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rto.lm.Differentiator.Read;
import rto.tensor.Torch;

/** Gradients against finite differences of {@link ReferenceLlama}, and their additivity. */
class DifferentiatorTest {

  private static final DecoderConfig SCALAR = Models.TINY.withHead(new Head.Scalar(0.25, 1.7));
  private static final double TEMPERATURE = 0.7;

  /** L = − Σ log π; metric: Σ π. */
  static final String NLL =
      """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            return [torch.neg(torch.sum(output)), torch.sum(torch.exp(output))]
      """;

  /** L = ½ Σ (output − target)². */
  private static final String SQUARES =
      """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            d = torch.sub(output, columns[0])
            return [torch.mul(torch.sum(torch.mul(d, d)), 0.5)]
      """;

  /** Sums of float32 in another order; the processors tried differ by up to 1.4e-6. */
  private static final double ROUNDING = 3e-6;

  private static final Passes PLAIN = new Passes(Kernels.PLAIN, Keeping.EVERYTHING);
  private static final Passes BY_LAYERS = new Passes(Kernels.ROWS, Keeping.EVERYTHING);
  private static final Passes CHECKPOINTS = new Passes(Kernels.ROWS, Keeping.LAYER_INPUTS);

  static List<Passes> passes() {
    return List.of(PLAIN, BY_LAYERS);
  }

  /** What the differentiator gives, out of native memory: loss, metrics, then all gradients. */
  private record Result(double loss, double[] metrics, List<float[]> gradients) {}

  private interface Loss {
    double of(ReferenceLlama model);
  }

  @ParameterizedTest
  @MethodSource("passes")
  void negativeLogLikelihoodHasTheReferencesLossAndGradient(Passes passes) {
    try (Decoder model = Models.random(Models.TINY, 1)) {
      List<Sequence> batch = Models.sequences(Models.TINY, 4);
      Result result = nll(passes, model, batch);
      Loss loss = m -> batch.stream().mapToDouble(s -> -sum(m.logProbs(s, TEMPERATURE))).sum();
      assertThat(result.loss()).isCloseTo(loss.of(ReferenceLlama.of(model)), within(1e-3));
      assertThat(result.metrics()).hasSize(1);
      assertGradients(model, result, loss);
    }
  }

  @ParameterizedTest
  @MethodSource("passes")
  void tiedEmbeddingCollectsTheGradientOfBothItsPlaces(Passes passes) {
    DecoderConfig tied = Models.TINY.withHead(Models.language(true));
    try (Decoder model = Models.random(tied, 2)) {
      List<Sequence> batch = Models.sequences(tied, 3);
      assertGradients(
          model,
          nll(passes, model, batch),
          m -> batch.stream().mapToDouble(s -> -sum(m.logProbs(s, TEMPERATURE))).sum());
    }
  }

  @ParameterizedTest
  @MethodSource("passes")
  void scoreAtTheLastTokenHasTheReferencesGradient(Passes passes) {
    try (Decoder model = Models.random(SCALAR, 3)) {
      List<Sequence> batch = Models.sequences(SCALAR, 4);
      float[] targets = {0.5f, -1, 2, 0};
      assertGradients(
          model,
          gradients(passes, model, Read.LAST_TOKEN, SQUARES, batch, targets),
          m -> {
            double loss = 0;
            for (int i = 0; i < targets.length; i++) {
              Sequence s = batch.get(i);
              double d = m.scalars(ReferenceLlama.joined(s))[s.length() - 1] - targets[i];
              loss += 0.5 * d * d;
            }
            return loss;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("passes")
  void microBatchesAddUpToTheBatch(Passes passes) {
    try (Decoder model = Models.random(Models.STORIES, 4)) {
      List<Sequence> batch = Models.sequences(Models.STORIES, 8);
      Result whole = nll(passes, model, batch);
      for (int size : new int[] {1, 2, 3}) {
        List<Result> parts = new ArrayList<>();
        for (int from = 0; from < batch.size(); from += size) {
          parts.add(nll(passes, model, batch.subList(from, Math.min(batch.size(), from + size))));
        }
        assertSame(whole, sum(parts), ROUNDING);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("passes")
  void neitherOrderNorPaddingChangesTheGradient(Passes passes) {
    try (Decoder model = Models.random(Models.STORIES, 5)) {
      List<Sequence> batch = new ArrayList<>(Models.sequences(Models.STORIES, 6));
      Result before = nll(passes, model, batch);
      Collections.reverse(batch);
      assertSame(before, nll(passes, model, batch), ROUNDING);
      // One long sequence pads all others; its own share is then taken off again.
      Sequence longest = Models.sequence(Models.STORIES, 5, 120, 9);
      Result alone = nll(passes, model, List.of(longest));
      batch.add(0, longest);
      assertSame(sum(List.of(before, alone)), nll(passes, model, batch), ROUNDING);
    }
  }

  @Test
  void moreTokensThanAChunkOfTheHeadHaveTheGradientOfTheWhole() {
    try (Decoder model = Models.random(Models.TINY, 7)) {
      List<Sequence> batch = new ArrayList<>(Models.sequences(Models.TINY, 4));
      IntStream.range(0, 10).forEach(i -> batch.add(Models.sequence(Models.TINY, 3, 55, i)));
      Result whole = nll(PLAIN, model, batch);
      assertSame(whole, nll(BY_LAYERS, model, batch), 1e-5);
      assertSame(whole, gradients(BY_LAYERS, model, Read.TOKEN_BY_TOKEN, NLL, batch), 1e-5);
    }
  }

  @Test
  void layersThatAreComputedAgainGiveTheSameBits() {
    try (Decoder model = Models.random(Models.STORIES, 8)) {
      List<Sequence> batch = Models.sequences(Models.STORIES, 5);
      Result kept = nll(BY_LAYERS, model, batch);
      Result again = nll(CHECKPOINTS, model, batch);
      assertThat(again.loss()).isEqualTo(kept.loss());
      for (int i = 0; i < kept.gradients().size(); i++) {
        assertThat(again.gradients().get(i)).containsExactly(kept.gradients().get(i));
      }
    }
  }

  @Test
  void whatCannotBeDifferentiatedIsRefused() {
    Differentiator nll = new Differentiator(Models.TINY, Read.EVERY_TOKEN, NLL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Differentiator(Models.TINY, Read.LAST_TOKEN, NLL))
        .withMessageContaining("expected: a Scalar head");
    try (Decoder model = Models.random(Models.TINY, 6);
        Decoder other = Models.random(SCALAR, 6);
        NDManager scope = Torch.newScope()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> nll.gradients(scope, model, List.of(), 1, new NDList()))
          .withMessageContaining("sequences: none");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> nll.gradients(scope, other, Models.sequences(SCALAR, 1), 1, new NDList()))
          .withMessageContaining("expected: the configuration of this objective");
    }
  }

  private static Result nll(Passes passes, Decoder model, List<Sequence> batch) {
    return gradients(passes, model, Read.EVERY_TOKEN, NLL, batch);
  }

  private static Result gradients(
      Passes passes,
      Decoder model,
      Read read,
      String objective,
      List<Sequence> batch,
      float... column) {
    Differentiator differentiator = new Differentiator(model.config(), passes, read, objective);
    try (NDManager scope = Torch.newScope()) {
      NDList columns = new NDList();
      if (column.length > 0) {
        columns.add(scope.create(column));
      }
      NDList out = differentiator.gradients(scope, model, batch, TEMPERATURE, columns);
      int metrics = out.size() - 1 - model.weights().names().size();
      return new Result(
          out.get(0).getFloat(),
          out.subList(1, 1 + metrics).stream().mapToDouble(m -> m.getFloat()).toArray(),
          out.subList(1 + metrics, out.size()).stream().map(g -> g.toFloatArray()).toList());
    }
  }

  /** Two numbers of every tensor, by central differences: (L(w + ε) − L(w − ε)) / 2ε. */
  private static void assertGradients(Decoder model, Result result, Loss loss) {
    ReferenceLlama reference = ReferenceLlama.of(model);
    double eps = 1e-5;
    for (int i = 0; i < result.gradients().size(); i++) {
      String name = model.weights().names().get(i);
      float[] gradient = result.gradients().get(i);
      assertThat(gradient).hasSize((int) model.weights().get(name).size());
      for (int at : new int[] {gradient.length / 3, gradient.length - 2, largest(gradient)}) {
        double up = loss.of(reference.nudged(name, at, eps));
        double down = loss.of(reference.nudged(name, at, -eps));
        double expected = (up - down) / (2 * eps);
        assertThat((double) gradient[at])
            .as("%s[%s]", name, at)
            .isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = Math.abs(values[i]) > Math.abs(values[best]) ? i : best;
    }
    return best;
  }

  /** Equal loss, metrics and gradients; a tensor's difference is measured against its own norm. */
  private static void assertSame(Result expected, Result actual, double relative) {
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(relative * expected.loss()));
    for (int i = 0; i < expected.metrics().length; i++) {
      double metric = expected.metrics()[i];
      assertThat(actual.metrics()[i]).isCloseTo(metric, within(relative * metric));
    }
    for (int i = 0; i < expected.gradients().size(); i++) {
      float[] e = expected.gradients().get(i);
      float[] a = actual.gradients().get(i);
      double difference = 0;
      double norm = 0;
      for (int j = 0; j < e.length; j++) {
        difference += Math.pow((double) a[j] - e[j], 2);
        norm += Math.pow(e[j], 2);
      }
      assertThat(Math.sqrt(difference)).isLessThan(relative * Math.sqrt(norm));
    }
  }

  private static Result sum(List<Result> parts) {
    double loss = parts.stream().mapToDouble(Result::loss).sum();
    double[] metrics = new double[parts.get(0).metrics().length];
    List<float[]> gradients =
        parts.get(0).gradients().stream().map(g -> new float[g.length]).toList();
    for (Result part : parts) {
      for (int i = 0; i < metrics.length; i++) {
        metrics[i] += part.metrics()[i];
      }
      for (int i = 0; i < gradients.size(); i++) {
        for (int j = 0; j < gradients.get(i).length; j++) {
          gradients.get(i)[j] += part.gradients().get(i)[j];
        }
      }
    }
    return new Result(loss, metrics, gradients);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
