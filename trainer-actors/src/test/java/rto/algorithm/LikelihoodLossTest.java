package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
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
  void valueAndGradientAgreeWithTheFormula() {
    Oracle.agree(PLAIN.float64(scores, weight), s -> formula(s, 0), scores);
    Oracle.agree(WITH_MARGIN.float64(scores, weight), s -> formula(s, 0.7), scores);
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

  private double formula(double[] s, double margin) {
    double loss = 0;
    for (int p = 0; p < PAIRS; p++) {
      double won = Math.exp(s[2 * p] - margin);
      loss -= weight[p] * Math.log(won / (won + Math.exp(s[2 * p + 1])));
    }
    return loss;
  }
}
