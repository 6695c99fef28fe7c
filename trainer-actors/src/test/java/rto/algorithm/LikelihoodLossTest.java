package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Negative log-likelihood of tokens, and of choices between pairs. */
class LikelihoodLossTest {

  private static final int PAIRS = 20;
  private static final Probe NLL = new Probe(new NllLoss());
  private static final Probe PLAIN = new Probe(new BradleyTerryLoss(0));
  private static final Probe WITH_MARGIN = new Probe(new BradleyTerryLoss(0.7));

  private final double[] scores = Oracle.numbers(1, 2 * PAIRS, -3, 3);
  private final double[] weight = Oracle.numbers(2, PAIRS, 0, 1);

  @Test
  void nllIsTheWeightedSumOfLogProbs() {
    // −(0.5·−1 + 0.25·−2) = 1
    var result = NLL.float64(new double[] {-1, -2}, new double[] {0.5, 0.25});
    assertThat(result.loss()).isEqualTo(1);
    assertThat(result.gradient()).containsExactly(-0.5, -0.25);
    assertThat(result.metrics()).isEmpty();
    assertThat(NLL.float32(new double[] {-1}, new double[] {1}).dtype())
        .isEqualTo(DataType.FLOAT32);
  }

  @Test
  void equalScoresCostLogTwo() {
    var result = PLAIN.float64(new double[] {3, 3}, new double[] {1});
    assertThat(result.loss()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(result.gradient()).containsExactly(new double[] {-0.5, 0.5}, within(1e-15));
    assertThat(result.metrics()).containsExactly(0, 0);
  }

  @Test
  void metricsCountWinsAndMargins() {
    // 2 − 1 = 1 wins, −1 − 1 = −2 loses, w = 1/2
    var result = PLAIN.float64(new double[] {2, 1, -1, 1}, new double[] {0.5, 0.5});
    assertThat(result.metrics()).containsExactly(0.5, -0.5);
  }

  @Test
  void nllAgreesWithItsFormula() {
    // −Σ w log π;  by log π_i: −w_i
    double[] logProbs = Oracle.numbers(3, 30, -6, 0);
    double[] w = Oracle.numbers(4, 30, 0, 1);
    Oracle oracle =
        new Oracle(
            x -> -IntStream.range(0, 30).mapToDouble(i -> w[i] * x[i]).sum(),
            x -> Arrays.stream(w).map(weight -> -weight).toArray());
    oracle.agrees(NLL.float64(logProbs, w), logProbs);
    oracle.agreesInFloat32(NLL.float32(logProbs, w), logProbs);
  }

  @Test
  void bradleyTerryAgreesWithItsFormula() {
    Oracle plain = new Oracle(s -> value(s, 0), s -> slopes(s, 0));
    Oracle margin = new Oracle(s -> value(s, 0.7), s -> slopes(s, 0.7));
    plain.agrees(PLAIN.float64(scores, weight), scores);
    plain.agreesInFloat32(PLAIN.float32(scores, weight), scores);
    margin.agrees(WITH_MARGIN.float64(scores, weight), scores);
    margin.agreesInFloat32(WITH_MARGIN.float32(scores, weight), scores);
  }

  @Test
  void hopelessPairsStayFinite() {
    // −log σ(−1000) = 1000, slope −1; −log σ(1000) = 0, slope 0
    var wrong = PLAIN.float32(new double[] {-500, 500}, new double[] {1});
    assertThat(wrong.loss()).isEqualTo(1000);
    assertThat(wrong.gradient()).containsExactly(-1, 1);
    assertThat(wrong.dtype()).isEqualTo(DataType.FLOAT32);
    assertThat(PLAIN.float32(new double[] {500, -500}, new double[] {1}).loss()).isZero();
  }

  @Test
  void negativeMarginIsRefused() {
    assertThatThrownBy(() -> new BradleyTerryLoss(-1)).hasMessage("margin: -1.0 (expected: >= 0)");
  }

  private double value(double[] s, double margin) {
    double loss = 0;
    for (int p = 0; p < PAIRS; p++) {
      double won = Math.exp(s[2 * p] - margin);
      loss -= weight[p] * Math.log(won / (won + Math.exp(s[2 * p + 1])));
    }
    return loss;
  }

  /** By r_w: −w times the probability of the rejected response; by r_l: the opposite. */
  private double[] slopes(double[] s, double margin) {
    double[] slopes = new double[2 * PAIRS];
    for (int p = 0; p < PAIRS; p++) {
      double won = Math.exp(s[2 * p] - margin);
      double lost = Math.exp(s[2 * p + 1]);
      slopes[2 * p] = -weight[p] * lost / (won + lost);
      slopes[2 * p + 1] = -slopes[2 * p];
    }
    return slopes;
  }
}
