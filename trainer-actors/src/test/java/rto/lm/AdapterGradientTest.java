package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rto.lm.AdapterTest.ALL;
import static rto.lm.AdapterTest.ALL_WAYS;
import static rto.lm.AdapterTest.SCALAR;
import static rto.lm.AdapterTest.SOME;
import static rto.lm.AdapterTest.SQUARES;
import static rto.lm.AdapterTest.TEMPERATURE;
import static rto.lm.AdapterTest.doubles;
import static rto.lm.AdapterTest.learned;
import static rto.lm.AdapterTest.merged;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.tensor.Torch;

/**
 * The gradients of adapters against central differences of {@link ReferenceLlama} by W = W₀ + (α/r)
 * B A: by the chain rule dL/dB = (α/r) (dL/dW) Aᵀ and dL/dA = (α/r) Bᵀ (dL/dW).
 */
class AdapterGradientTest {

  private interface Loss {
    double of(ReferenceLlama model);
  }

  @Test
  void gradientsOfThePairsFollowTheChainRuleAndNothingElseIsDifferentiated() {
    List<Sequence> batch = Models.sequences(Models.TINY, 3);
    Loss loss =
        m ->
            batch.stream().mapToDouble(s -> -Arrays.stream(m.logProbs(s, TEMPERATURE)).sum()).sum();
    for (LoraConfig lora : List.of(ALL, SOME)) {
      try (Decoder base = Models.random(Models.TINY, 3);
          Decoder model = learned(base, Models.TINY, lora, 4)) {
        assertChainRule(
            model,
            loss,
            way -> gradients(model, way, Read.EVERY_TOKEN, DifferentiatorTest.NLL, batch));
      }
    }
  }

  @Test
  void aScalarHeadOfItsOwnLearnsBesideThePairs() {
    try (Decoder base = Models.random(Models.TINY, 5);
        Decoder model = learned(base, SCALAR, SOME, 6)) {
      List<Sequence> batch = Models.sequences(SCALAR, 4);
      float[] targets = {0.5f, -1, 2, 0};
      Loss loss =
          m -> {
            double sum = 0;
            for (int i = 0; i < targets.length; i++) {
              Sequence s = batch.get(i);
              double d = m.scalars(ReferenceLlama.joined(s))[s.length() - 1] - targets[i];
              sum += 0.5 * d * d;
            }
            return sum;
          };
      double ofHead = slope(merged(model), loss, "score.weight", 3);
      assertChainRule(
          model,
          loss,
          way -> {
            Map<String, float[]> gradients =
                gradients(model, way, Read.LAST_TOKEN, SQUARES, batch, targets);
            assertClose(gradients.get("score.weight")[3], ofHead, "score.weight");
            return gradients;
          });
    }
  }

  /**
   * One number of A and one of B of every pair, from central differences by W.
   *
   * @param computed the gradients by name, in a way
   */
  private static void assertChainRule(
      Decoder model, Loss loss, Function<Passes, Map<String, float[]>> computed) {
    Adapter adapter = model.adapter().orElseThrow();
    List<Map<String, float[]>> all = ALL_WAYS.stream().map(computed).toList();
    all.forEach(
        one -> assertThat(one.keySet()).containsExactlyElementsOf(adapter.weights().names()));
    ReferenceLlama reference = merged(model);
    int rank = adapter.lora().rank();
    for (String matrix : model.weights().names()) {
      if (adapter.lora().adapts(matrix)) {
        double[] a = doubles(adapter.weights().get(LoraConfig.nameOfA(matrix)));
        double[] b = doubles(adapter.weights().get(LoraConfig.nameOfB(matrix)));
        int in = a.length / rank;
        int out = b.length / rank;
        int row = out / 2;
        int column = in - 2;
        double ofB = 0;
        for (int i = 0; i < in; i++) {
          ofB += adapter.lora().scale() * slope(reference, loss, matrix, row * in + i) * a[in + i];
        }
        double ofA = 0;
        for (int o = 0; o < out; o++) {
          double dW = slope(reference, loss, matrix, o * in + column);
          ofA += adapter.lora().scale() * b[o * rank + 1] * dW;
        }
        for (Map<String, float[]> gradients : all) {
          assertClose(gradients.get(LoraConfig.nameOfB(matrix))[row * rank + 1], ofB, matrix);
          assertClose(gradients.get(LoraConfig.nameOfA(matrix))[in + column], ofA, matrix);
        }
      }
    }
  }

  private static void assertClose(double actual, double expected, String what) {
    assertThat(actual).as(what).isCloseTo(expected, within(2e-4 * Math.max(1, Math.abs(expected))));
  }

  private static double slope(ReferenceLlama model, Loss loss, String name, int at) {
    double eps = 1e-5;
    return (loss.of(model.nudged(name, at, eps)) - loss.of(model.nudged(name, at, -eps)))
        / (2 * eps);
  }

  /** By name, in order. */
  private static Map<String, float[]> gradients(
      Decoder model,
      Passes way,
      Read read,
      String objective,
      List<Sequence> batch,
      float... column) {
    Passes over = way.over(model.adapter().map(Adapter::lora));
    Differentiator differentiator = new Differentiator(model.config(), over, read, objective);
    try (NDManager scope = Torch.newScope()) {
      NDList columns = new NDList();
      if (column.length > 0) {
        columns.add(scope.create(column));
      }
      NDList out = differentiator.gradients(scope, model, batch, TEMPERATURE, columns);
      List<String> names = model.trained().names();
      Map<String, float[]> named = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        named.put(names.get(i), out.get(out.size() - names.size() + i).toFloatArray());
      }
      return named;
    }
  }
}
