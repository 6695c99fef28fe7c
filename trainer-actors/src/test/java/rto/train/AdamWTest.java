package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.lm.Decoder;
import rto.lm.Weights;
import rto.protocol.Diverged;
import rto.tensor.Torch;

class AdamWTest {

  private static final OptimizerSettings SETTINGS =
      new OptimizerSettings(0.9, 0.95, 1e-6, 0.1, 1, 0, 1);

  private final Decoder model = Tiny.language(1);
  private AdamW optimizer;

  private void start(boolean fused) {
    Weights weights = model.weights();
    optimizer = new AdamW(SETTINGS, weights.zeros(), weights.zeros(), 0, fused);
  }

  @AfterEach
  void end() {
    optimizer.close();
    model.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stepsAreThoseOfTheTextbookInDouble(boolean fused) {
    start(fused);
    Textbook textbook = new Textbook(model);
    double[] sizes = {1e-3, 0.5, 1e-4, 0.02}; // the second gradient is longer than 1: clipped
    for (int step = 0; step < sizes.length; step++) {
      List<float[]> gradient = gradient(sizes[step], step);
      double rate = 0.01 / (step + 1);
      double norm = step(gradient, rate);
      assertThat(norm).isCloseTo(textbook.step(gradient, rate), within(1e-5 * norm));
    }
    assertThat(optimizer.steps()).isEqualTo(4);
    float[] actual = Tiny.values(model.weights());
    double[] expected = textbook.values();
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void weightsOfNormsAreNotDecayedAndMatricesAre(boolean fused) {
    start(fused);
    // The first of several steps with gradient 0: w ← w (1 − rate · decay) = 0.95 w for matrices.
    List<float[]> before = values();
    step(before.stream().map(v -> new float[v.length]).toList(), 0.5);
    List<float[]> after = values();
    for (int i = 0; i < before.size(); i++) {
      float factor = model.weights().tensors().get(i).getShape().dimension() == 1 ? 1 : 0.95f;
      for (int j = 0; j < before.get(i).length; j++) {
        assertThat(after.get(i)[j]).isCloseTo(before.get(i)[j] * factor, within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aGradientThatIsNotFiniteIsRefusedAndChangesNothing(boolean fused) {
    start(fused);
    step(gradient(0.1, 7), 0.01);
    String weights = Tiny.digest(model.weights());
    String first = Tiny.digest(optimizer.first());
    String second = Tiny.digest(optimizer.second());
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      List<float[]> gradient = gradient(0.1, 8);
      gradient.get(3)[2] = bad;
      assertThatThrownBy(() -> step(gradient, 0.01))
          .isInstanceOf(Diverged.class)
          .hasMessageContaining("gradient norm at optimizer step 1")
          .hasMessageContaining("expected: finite");
    }
    assertThat(optimizer.steps()).isEqualTo(1);
    assertThat(Tiny.digest(model.weights())).isEqualTo(weights);
    assertThat(Tiny.digest(optimizer.first())).isEqualTo(first);
    assertThat(Tiny.digest(optimizer.second())).isEqualTo(second);
  }

  private double step(List<float[]> gradient, double rate) {
    try (NDManager scope = Torch.newScope()) {
      NDList tensors = new NDList();
      for (int i = 0; i < gradient.size(); i++) {
        NDArray like = model.weights().tensors().get(i);
        tensors.add(scope.create(gradient.get(i), like.getShape()));
      }
      return optimizer.step(model.weights(), tensors, rate);
    }
  }

  private List<float[]> gradient(double size, long seed) {
    Random random = new Random(seed);
    List<float[]> gradient = values();
    for (float[] part : gradient) {
      for (int i = 0; i < part.length; i++) {
        part[i] = (float) (size * random.nextGaussian());
      }
    }
    return gradient;
  }

  private List<float[]> values() {
    List<float[]> values = new ArrayList<>();
    model.weights().tensors().forEach(tensor -> values.add(tensor.toFloatArray()));
    return values;
  }

  /** AdamW (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2) in scalar double loops. */
  private static final class Textbook {
    private final List<double[]> w = new ArrayList<>();
    private final List<double[]> m = new ArrayList<>();
    private final List<double[]> v = new ArrayList<>();
    private final List<Boolean> matrix = new ArrayList<>();
    private int t;

    Textbook(Decoder model) {
      for (NDArray tensor : model.weights().tensors()) {
        float[] values = tensor.toFloatArray();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
          doubles[i] = values[i];
        }
        w.add(doubles);
        m.add(new double[values.length]);
        v.add(new double[values.length]);
        matrix.add(tensor.getShape().dimension() == 2);
      }
    }

    double step(List<float[]> gradient, double rate) {
      double squares = 0;
      for (float[] part : gradient) {
        for (float g : part) {
          squares += (double) g * g;
        }
      }
      double norm = Math.sqrt(squares);
      double scale = Math.min(1, SETTINGS.maxGradientNorm() / norm);
      t++;
      for (int i = 0; i < w.size(); i++) {
        for (int j = 0; j < w.get(i).length; j++) {
          update(i, j, gradient.get(i)[j] * scale, rate);
        }
      }
      return norm;
    }

    private void update(int i, int j, double g, double rate) {
      m.get(i)[j] = 0.9 * m.get(i)[j] + (1 - 0.9) * g;
      v.get(i)[j] = 0.95 * v.get(i)[j] + (1 - 0.95) * g * g;
      double mHat = m.get(i)[j] / (1 - Math.pow(0.9, t));
      double vHat = v.get(i)[j] / (1 - Math.pow(0.95, t));
      double decay = matrix.get(i) ? 0.1 * w.get(i)[j] : 0;
      w.get(i)[j] -= rate * (mHat / (Math.sqrt(vHat) + 1e-6) + decay);
    }

    double[] values() {
      return w.stream().flatMapToDouble(Arrays::stream).toArray();
    }
  }
}
