package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * A loss written a second time, in plain Java: its value, and its gradient as worked out by hand.
 * What libtorch computed is compared with both, and the gradient by hand with differences of the
 * value, so that no mistake can be made twice.
 *
 * @param value the loss of an output
 * @param gradient its derivative by each number of the output
 */
record Oracle(ToDoubleFunction<double[]> value, UnaryOperator<double[]> gradient) {

  private static final double STEP = 1e-5;
  private static final double FLOAT64 = 1e-6;
  private static final double FLOAT32 = 1e-4;

  /** Numbers smaller than this are compared as if they were of this size. */
  private static final double SMALL = 1e-3;

  /** In float64: the loss to 1e-12, each partial derivative to 1e-6 of its size. */
  void agrees(Probe.Result actual, double[] output) {
    double expected = value.applyAsDouble(output);
    double[] byHand = gradient.apply(output);
    assertThat(actual.loss()).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
    assertThat(actual.gradient()).hasSameSizeAs(byHand);
    for (int i = 0; i < output.length; i++) {
      assertClose(byHand[i], difference(output, i), FLOAT64, "by hand against differences, " + i);
      assertClose(actual.gradient()[i], byHand[i], FLOAT64, "gradient by hand, " + i);
    }
  }

  /** In float32: the loss and each partial derivative to 1e-4 of their size. */
  void agreesInFloat32(Probe.Result actual, double[] output) {
    double[] byHand = gradient.apply(output);
    assertClose(actual.loss(), value.applyAsDouble(output), FLOAT32, "loss");
    for (int i = 0; i < output.length; i++) {
      assertClose(actual.gradient()[i], byHand[i], FLOAT32, "gradient by hand, " + i);
    }
  }

  private static void assertClose(double actual, double expected, double relative, String what) {
    double size = Math.max(Math.abs(expected), SMALL);
    assertThat(actual).as(what).isCloseTo(expected, within(relative * size));
  }

  /** Fourth-order central difference. */
  private double difference(double[] at, int i) {
    double near = moved(at, i, STEP) - moved(at, i, -STEP);
    double far = moved(at, i, 2 * STEP) - moved(at, i, -2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }

  private double moved(double[] at, int i, double step) {
    double[] there = at.clone();
    there[i] += step;
    return value.applyAsDouble(there);
  }

  /** n numbers in [low, high), the same for the same seed. */
  static double[] numbers(long seed, int n, double low, double high) {
    return new Random(seed).doubles(n, low, high).toArray();
  }
}
