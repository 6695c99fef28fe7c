package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PpoLossTest {

  private static final int N = 60;
  private static final PpoLoss LOSS = new PpoLoss(0.2);
  private static final Probe PROBE = new Probe(LOSS);

  private final double[] old = Oracle.numbers(1, N, -5, 0);
  private final double[] output = plus(old, Oracle.numbers(2, N, -0.6, 0.6));
  private final double[] advantage = Oracle.numbers(3, N, -2, 2);
  private final double[] weight = Oracle.numbers(4, N, 0, 1);

  @Test
  void fourCornersByHand() {
    // ρ = 1.5, 1.5, 0.5, 0.5 against 1 ± 0.2, A = 1, −1, 1, −1, w = 1/4
    // −min(ρA, clip(ρ)A) = −1.2, 1.5, −0.5, 0.8; only the first and the last are cut off
    double up = Math.log(1.5);
    double down = Math.log(0.5);
    double[] quarter = {.25, .25, .25, .25};
    var result =
        PROBE.float64(
            new double[] {up, up, down, down}, new double[4], new double[] {1, -1, 1, -1}, quarter);
    assertThat(result.loss()).isCloseTo((-1.2 + 1.5 - 0.5 + 0.8) / 4, within(1e-12));
    // dL/dlog π = −w ρ A where not cut off
    assertThat(result.gradient()).containsExactly(new double[] {0, .375, -.125, 0}, within(1e-12));
    // clip fraction 2/4; k3 = ρ − 1 − log ρ: (2·(0.5 − log 1.5) + 2·(−0.5 − log 0.5))/4; mean ρ 1
    double k3 = (-2 * up - 2 * down) / 4;
    assertThat(result.metrics()).containsExactly(new double[] {0.5, k3, 1}, within(1e-12));
    assertThat(LOSS.metrics()).containsExactly("clip-fraction", "approx-kl", "ratio");
  }

  @Test
  void onPolicyTheGradientIsThePolicyGradient() {
    var result = PROBE.float64(old, old, advantage, weight);
    for (int i = 0; i < N; i++) {
      assertThat(result.gradient()[i]).isCloseTo(-weight[i] * advantage[i], within(1e-15));
    }
    assertThat(result.metrics()[0]).isZero();
    assertThat(result.metrics()[1]).isZero();
  }

  @Test
  void valueAndGradientAgreeWithTheFormula() {
    Oracle oracle = new Oracle(this::formula, this::slopes);
    oracle.agrees(PROBE.float64(output, old, advantage, weight), output);
    oracle.agreesInFloat32(PROBE.float32(output, old, advantage, weight), output);
  }

  @Test
  void microBatchesAddUpToTheBatch() {
    var whole = PROBE.float64(output, old, advantage, weight);
    double loss = 0;
    double[] metrics = new double[3];
    for (int[] cut : new int[][] {{0, 7}, {7, 33}, {33, N}}) {
      var part =
          PROBE.float64(cut(output, cut), cut(old, cut), cut(advantage, cut), cut(weight, cut));
      loss += part.loss();
      Arrays.setAll(metrics, i -> metrics[i] + part.metrics()[i]);
      assertThat(part.gradient()).containsExactly(cut(whole.gradient(), cut), within(1e-15));
    }
    assertThat(loss).isCloseTo(whole.loss(), within(1e-12));
    assertThat(metrics).containsExactly(whole.metrics(), within(1e-12));
  }

  @Test
  void precisionIsThatOfTheOutput() {
    var single = PROBE.float32(output, old, advantage, weight);
    var full = PROBE.float64(output, old, advantage, weight);
    assertThat(single.dtype()).isEqualTo(DataType.FLOAT32);
    assertThat(full.dtype()).isEqualTo(DataType.FLOAT64);
    assertThat(single.loss()).isCloseTo(full.loss(), within(1e-4));
    assertThat(single.gradient()).containsExactly(full.gradient(), within(1e-5));
  }

  @Test
  void clipOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> new PpoLoss(0)).hasMessage("policy-clip: 0.0 (expected: in (0, 1))");
  }

  /** By cases: what is gained by moving further away is cut off, what is lost is not. */
  private double formula(double[] logProbs) {
    double loss = 0;
    for (int i = 0; i < N; i++) {
      double ratio = Math.exp(logProbs[i] - old[i]);
      double counted = advantage[i] >= 0 ? Math.min(ratio, 1.2) : Math.max(ratio, 0.8);
      loss -= weight[i] * counted * advantage[i];
    }
    return loss;
  }

  /** −w ρ A as long as ρ may still move in the direction that A asks for. */
  private double[] slopes(double[] logProbs) {
    double[] slopes = new double[N];
    for (int i = 0; i < N; i++) {
      double ratio = Math.exp(logProbs[i] - old[i]);
      boolean cutOff = advantage[i] >= 0 ? ratio > 1.2 : ratio < 0.8;
      slopes[i] = cutOff ? 0 : -weight[i] * ratio * advantage[i];
    }
    return slopes;
  }

  private static double[] cut(double[] all, int[] range) {
    return Arrays.copyOfRange(all, range[0], range[1]);
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }
}
