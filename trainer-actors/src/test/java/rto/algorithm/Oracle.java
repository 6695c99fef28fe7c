package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Compares what libtorch differentiated with a formula written in Java and its differences. */
final class Oracle {

  private static final double STEP = 1e-5;
  private static final double RELATIVE = 1e-6;

  private Oracle() {}

  /** The loss to 1e-12, each partial derivative to 1e-6 of its size. */
  static void agree(Probe.Result actual, ToDoubleFunction<double[]> formula, double[] output) {
    double expected = formula.applyAsDouble(output);
    assertThat(actual.loss()).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
    for (int i = 0; i < output.length; i++) {
      double derivative = derivative(formula, output, i);
      double size = Math.max(Math.abs(derivative), 1e-3);
      assertThat(actual.gradient()[i])
          .as("gradient[%s]", i)
          .isCloseTo(derivative, within(RELATIVE * size));
    }
  }

  /** Fourth-order central difference. */
  private static double derivative(ToDoubleFunction<double[]> formula, double[] at, int i) {
    double near = moved(formula, at, i, STEP) - moved(formula, at, i, -STEP);
    double far = moved(formula, at, i, 2 * STEP) - moved(formula, at, i, -2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }

  private static double moved(ToDoubleFunction<double[]> formula, double[] at, int i, double step) {
    double[] there = at.clone();
    there[i] += step;
    return formula.applyAsDouble(there);
  }

  /** n numbers in [low, high), the same for the same seed. */
  static double[] numbers(long seed, int n, double low, double high) {
    return new Random(seed).doubles(n, low, high).toArray();
  }
}
