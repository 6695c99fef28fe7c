package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rto.algorithm.DpoLoss;
import rto.algorithm.IpoLoss;
import rto.algorithm.PreferenceLoss;
import rto.algorithm.RDpoLoss;
import rto.algorithm.SimPoLoss;
import rto.algorithm.Tdpo1Loss;
import rto.algorithm.Tdpo2Loss;
import rto.lm.Differentiator.Read;
import rto.tensor.Torch;

/**
 * Every preference loss through a whole model in float32, as it is trained: loss and gradient by
 * the parameters against {@link ReferenceLlama}, which is float64, and its central differences.
 */
class PreferenceGradientTest {

  private static final double TEMPERATURE = 0.9;
  private static final double EPS = 1e-5;
  private static final double RELATIVE = 1e-4;

  /** Two pairs: chosen and rejected alternate. */
  private static final List<Sequence> SEQUENCES = Models.sequences(Models.TINY, 4);

  private static final double[] WEIGHTS = {0.4, 0.6};

  /** What a pair costs, in what is known of its two responses. */
  private interface Price {
    double of(Response chosen, Response rejected);
  }

  /**
   * @param divergence Σ KL(π_ref ‖ π)
   * @param held the same at the weights where the gradient is taken
   */
  private record Response(
      double logProb, double ratio, double divergence, double held, int tokens) {}

  private record Case(PreferenceLoss loss, Price price) {
    @Override
    public String toString() {
      return loss.toString();
    }
  }

  static Stream<Case> losses() {
    return Stream.of(
        new Case(new DpoLoss(0.2, 0), (w, l) -> cost(0.2 * (w.ratio - l.ratio))),
        new Case(
            new DpoLoss(0.2, 0.1),
            (w, l) ->
                0.9 * cost(0.2 * (w.ratio - l.ratio)) + 0.1 * cost(0.2 * (l.ratio - w.ratio))),
        new Case(new IpoLoss(0.5), (w, l) -> Math.pow(w.ratio - l.ratio - 1, 2)),
        new Case(
            new RDpoLoss(0.2, 0.03),
            (w, l) -> cost(0.2 * (w.ratio - l.ratio) + 0.03 * (w.tokens - l.tokens))),
        new Case(
            new SimPoLoss(2.5, OptionalDouble.empty(), OptionalDouble.of(0.2)),
            (w, l) -> cost(2.5 * (w.logProb / w.tokens - l.logProb / l.tokens) - 0.5)),
        new Case(
            new Tdpo1Loss(0.2),
            (w, l) -> cost(0.2 * (w.ratio - l.ratio - (l.divergence - w.divergence)))),
        new Case(
            new Tdpo2Loss(0.2, 0.5),
            (w, l) -> cost(0.2 * (w.ratio - l.ratio - 0.5 * (l.divergence - w.held)))));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossAndGradientAreThoseOfTheFormula(Case c) {
    for (Kernels kernels : Kernels.values()) {
      assertFormula(c, new Passes(kernels, Keeping.EVERYTHING));
    }
  }

  private static void assertFormula(Case c, Passes passes) {
    try (Decoder model = Models.random(Models.TINY, 1);
        Decoder frozen = Models.random(Models.TINY, 2);
        NDManager scope = Torch.newScope()) {
      NDList out = gradients(c.loss(), passes, model, frozen, scope);
      ReferenceLlama policy = ReferenceLlama.of(model);
      ReferenceLlama reference = ReferenceLlama.of(frozen);
      double loss = value(c, policy, policy, reference);
      assertThat((double) out.get(0).getFloat()).isCloseTo(loss, within(RELATIVE * loss));
      int first = 1 + c.loss().metrics().size();
      List<String> names = model.weights().names();
      assertThat(out).hasSize(first + names.size());
      for (int i = 0; i < names.size(); i++) {
        float[] gradient = out.get(first + i).toFloatArray();
        for (int at : new int[] {gradient.length / 3, largest(gradient)}) {
          double up = value(c, policy.nudged(names.get(i), at, EPS), policy, reference);
          double down = value(c, policy.nudged(names.get(i), at, -EPS), policy, reference);
          double expected = (up - down) / (2 * EPS);
          assertThat((double) gradient[at])
              .as("%s[%s]", names.get(i), at)
              .isCloseTo(expected, within(RELATIVE * Math.max(0.01, Math.abs(expected))));
        }
      }
    }
  }

  @Test
  void aPolicyOfAnotherShapeThanTheReferenceIsRefused() {
    String script = new Tdpo1Loss(0.1).script();
    try (Decoder scalar = Models.random(Models.TINY.withHead(new Head.Scalar(0, 1)), 1);
        Decoder frozen = Models.random(Models.TINY, 1);
        Decoder other = Models.random(Models.STORIES, 1);
        NDManager scope = Torch.newScope()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Differentiator.against(scalar, script))
          .withMessageContaining("expected: a Language head");
      Differentiator differentiator = Differentiator.against(frozen, script);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> differentiator.gradients(scope, other, SEQUENCES, 1, new NDList()))
          .withMessageContaining("expected: the configuration of this objective");
    }
  }

  private static NDList gradients(
      PreferenceLoss loss, Passes passes, Decoder model, Decoder frozen, NDManager scope) {
    NDList columns = new NDList(scope.create(ids()), scope.create(new float[] {0.4f, 0.6f}));
    Differentiator differentiator =
        switch (loss.reference()) {
          case DISTRIBUTION -> Differentiator.against(frozen, passes, loss.script());
          case LOG_PROBS, NONE ->
              new Differentiator(model.config(), passes, Read.EVERY_TOKEN, loss.script());
        };
    if (loss.reference() == PreferenceLoss.Reference.LOG_PROBS) {
      double[] known =
          SEQUENCES.stream()
              .flatMapToDouble(
                  s -> Arrays.stream(ReferenceLlama.of(frozen).logProbs(s, TEMPERATURE)))
              .toArray();
      float[] column = new float[known.length];
      IntStream.range(0, column.length).forEach(i -> column[i] = (float) known[i]);
      columns.add(scope.create(column));
    }
    return differentiator.gradients(scope, model, SEQUENCES, TEMPERATURE, columns);
  }

  private static long[] ids() {
    return IntStream.range(0, SEQUENCES.size())
        .flatMap(i -> IntStream.of(SEQUENCES.get(i).response()).map(token -> i))
        .asLongStream()
        .toArray();
  }

  private static double value(
      Case c, ReferenceLlama policy, ReferenceLlama start, ReferenceLlama reference) {
    double loss = 0;
    for (int p = 0; p < WEIGHTS.length; p++) {
      Response chosen = response(SEQUENCES.get(2 * p), policy, start, reference);
      Response rejected = response(SEQUENCES.get(2 * p + 1), policy, start, reference);
      loss += WEIGHTS[p] * c.price().of(chosen, rejected);
    }
    return loss;
  }

  private static Response response(
      Sequence s, ReferenceLlama policy, ReferenceLlama start, ReferenceLlama reference) {
    double logProb = sum(policy.logProbs(s, TEMPERATURE));
    return new Response(
        logProb,
        logProb - sum(reference.logProbs(s, TEMPERATURE)),
        divergence(s, policy, reference),
        divergence(s, start, reference),
        s.response().length);
  }

  /** Σ_h Σ_v π_ref (log π_ref − log π). */
  private static double divergence(Sequence s, ReferenceLlama policy, ReferenceLlama reference) {
    int[] tokens = ReferenceLlama.joined(s);
    double[][] p = policy.logits(tokens);
    double[][] q = reference.logits(tokens);
    double sum = 0;
    for (int at = s.prompt().length - 1; at < tokens.length - 1; at++) {
      double[] logP = ReferenceLlama.logSoftmax(p[at], TEMPERATURE);
      double[] logQ = ReferenceLlama.logSoftmax(q[at], TEMPERATURE);
      for (int v = 0; v < logP.length; v++) {
        sum += Math.exp(logQ[v]) * (logQ[v] - logP[v]);
      }
    }
    return sum;
  }

  private static double cost(double x) {
    return Math.log1p(Math.exp(-x));
  }

  private static int largest(float[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .max((a, b) -> Float.compare(Math.abs(values[a]), Math.abs(values[b])))
        .orElseThrow();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }
}
