package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ValueLossTest {

  private static final int N = 60;
  private static final Probe CLIPPED = new Probe(new ValueLoss(OptionalDouble.of(0.2)));
  private static final Probe FREE = new Probe(new ValueLoss(OptionalDouble.empty()));

  private final double[] old = Oracle.numbers(1, N, -1, 1);
  private final double[] returns = Oracle.numbers(2, N, -1, 1);
  private final double[] weight = Oracle.numbers(3, N, 0, 1);
  private final double[] output = Oracle.numbers(4, N, -1, 1);

  @Test
  void threeTokensByHand() {
    // V_old = 0, c = 0.2, G = 1.  V = 0.1: inside, ½·0.81.  V = 0.5: clipped 0.2, ½·max(0.25, 0.64)
    // V = −0.5: clipped −0.2, ½·max(2.25, 1.44).  w = 1
    double[] ones = {1, 1, 1};
    var result = CLIPPED.float64(new double[] {0.1, 0.5, -0.5}, new double[3], ones, ones);
    assertThat(result.loss()).isCloseTo((0.81 + 0.64 + 2.25) / 2, within(1e-12));
    // V − G where not cut off: the second may gain nothing by going further
    assertThat(result.gradient()).containsExactly(new double[] {-0.9, 0, -1.5}, within(1e-12));
    assertThat(result.metrics()).containsExactly(new double[] {1, 0.1}, within(1e-12));
  }

  @Test
  void valueAndGradientAgreeWithTheFormula() {
    Oracle clipped = new Oracle(this::clipped, this::clippedSlopes);
    clipped.agrees(CLIPPED.float64(output, old, returns, weight), output);
    clipped.agreesInFloat32(CLIPPED.float32(output, old, returns, weight), output);
    Oracle free = new Oracle(this::free, this::freeSlopes);
    free.agrees(FREE.float64(output, old, returns, weight), output);
    free.agreesInFloat32(FREE.float32(output, old, returns, weight), output);
  }

  @Test
  void aWideClipIsNoClip() {
    var wide = new Probe(new ValueLoss(OptionalDouble.of(100)));
    var result = wide.float64(output, old, returns, weight);
    var free = FREE.float64(output, old, returns, weight);
    assertThat(result.loss()).isEqualTo(free.loss());
    assertThat(result.gradient()).containsExactly(free.gradient());
    assertThat(free.metrics()[0]).isZero();
  }

  @Test
  void precisionIsThatOfTheOutput() {
    var single = CLIPPED.float32(output, old, returns, weight);
    assertThat(single.dtype()).isEqualTo(DataType.FLOAT32);
    assertThat(single.loss())
        .isCloseTo(CLIPPED.float64(output, old, returns, weight).loss(), within(1e-4));
  }

  @Test
  void clipOfZeroIsRefused() {
    assertThatThrownBy(() -> new ValueLoss(OptionalDouble.of(0)))
        .hasMessage("value-clip: 0.0 (expected: > 0, or off)");
  }

  private double free(double[] values) {
    double loss = 0;
    for (int i = 0; i < N; i++) {
      loss += weight[i] * (values[i] - returns[i]) * (values[i] - returns[i]) / 2;
    }
    return loss;
  }

  private double clipped(double[] values) {
    double loss = 0;
    for (int i = 0; i < N; i++) {
      double moved = values[i] - old[i];
      double near = Math.abs(moved) <= 0.2 ? values[i] : old[i] + Math.signum(moved) * 0.2;
      double error = Math.max(Math.abs(values[i] - returns[i]), Math.abs(near - returns[i]));
      loss += weight[i] * error * error / 2;
    }
    return loss;
  }

  private double[] freeSlopes(double[] values) {
    double[] slopes = new double[N];
    Arrays.setAll(slopes, i -> weight[i] * (values[i] - returns[i]));
    return slopes;
  }

  /** None once V has left the range around V_old on the side where the return lies. */
  private double[] clippedSlopes(double[] values) {
    double[] slopes = freeSlopes(values);
    for (int i = 0; i < N; i++) {
      double moved = values[i] - old[i];
      double edge = old[i] + Math.signum(moved) * 0.2;
      boolean left = Math.abs(moved) > 0.2;
      if (left && Math.abs(edge - returns[i]) > Math.abs(values[i] - returns[i])) {
        slopes[i] = 0;
      }
    }
    return slopes;
  }
}
