package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Both forms of token-level DPO, differentiated by the logits of the whole vocabulary, against the
 * formula written again and its derivative by hand:
 *
 * <pre>
 *   ∂Δ/∂z_v = (1[v = y] − π(v))/T,   ∂K/∂z_v = (π(v) − π_ref(v))/T
 * </pre>
 */
class TdpoLossTest {

  private static final double BETA = 0.4;
  private static final double ALPHA = 0.3;
  private static final double TEMPERATURE = 0.7;
  private static final Tdpo1Loss FIRST = new Tdpo1Loss(BETA);
  private static final Tdpo2Loss SECOND = new Tdpo2Loss(BETA, ALPHA);

  // Two pairs, vocabulary of five; of each token its response
  private static final int VOCAB = 5;
  private static final int[] RESPONSE = {0, 0, 0, 1, 1, 2, 3, 3, 3, 3};
  private static final int TOKENS = RESPONSE.length;
  private static final int[] TARGETS = {4, 0, 2, 2, 1, 3, 0, 0, 4, 1};

  private final double[] reference = Oracle.numbers(1, TOKENS * VOCAB, -2, 2);
  private final double[] logits = Oracle.numbers(2, TOKENS * VOCAB, -2, 2);
  private final double[] weight = {0.4, 0.6};

  @Test
  void theFirstFormAgreesWithTheFormula() {
    Oracle oracle = new Oracle(z -> value(z, z, 1), z -> slopes(z, 1, 1));
    assertAgrees(oracle, FIRST);
  }

  @Test
  void theSecondFormAgreesWithTheFormulaInWhichTheChosenDivergenceIsHeld() {
    Oracle oracle = new Oracle(z -> value(z, logits, ALPHA), z -> slopes(z, 0, ALPHA));
    assertAgrees(oracle, SECOND);
  }

  @Test
  void withoutDivergenceTheSecondFormIsDpo() {
    Oracle dpo = new Oracle(z -> value(z, z, 0), z -> slopes(z, 0, 0));
    assertAgrees(dpo, new Tdpo2Loss(BETA, 0));
  }

  @Test
  void onePairByHand() {
    // Vocabulary of two. Chosen token 0: π = (1/2, 1/2), π_ref = (3/4, 1/4), so Δ = log(2/3) and
    // K = 3/4 log(3/2) + 1/4 log(1/2). Rejected token 1: π = π_ref = (3/4, 1/4), so Δ = K = 0.
    double log3 = Math.log(3);
    double ratio = Math.log(2.0 / 3);
    double kl = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
    double[] z = {0, 0, log3, 0};
    Object[] columns = {
      new double[] {log3, 0, log3, 0},
      new long[] {0, 1},
      new double[] {1},
      new long[] {0, 1},
      new double[] {1}
    };
    var first = Probe.ofLogits(FIRST).float64(z, columns);
    assertThat(first.loss()).isCloseTo(cost(BETA * (ratio + kl)), within(1e-15));
    // chosen: −slope ((1/2, −1/2) + π − π_ref); rejected: +slope (−3/4, 3/4)
    double slope = BETA / (1 + Math.exp(BETA * (ratio + kl)));
    assertThat(first.gradient())
        .containsExactly(
            new double[] {-slope / 4, slope / 4, -slope * 0.75, slope * 0.75}, within(1e-15));
    var second = Probe.ofLogits(SECOND).float64(z, columns);
    assertThat(second.loss()).isCloseTo(cost(BETA * (ratio + ALPHA * kl)), within(1e-15));
    // chosen: the divergence has no part in the gradient
    slope = BETA / (1 + Math.exp(BETA * (ratio + ALPHA * kl)));
    assertThat(second.gradient())
        .containsExactly(
            new double[] {-slope / 2, slope / 2, -slope * 0.75, slope * 0.75}, within(1e-15));
    // accuracy, βΔw, βΔl, their difference, K_w, K_l
    assertThat(second.metrics())
        .containsExactly(new double[] {0, BETA * ratio, 0, BETA * ratio, kl, 0}, within(1e-15));
    assertThat(SECOND.metrics())
        .containsExactly(
            "accuracy",
            "chosen-reward",
            "rejected-reward",
            "reward-margin",
            "chosen-kl",
            "rejected-kl");
  }

  @Test
  void thePolicyThatIsTheReferenceCostsLogTwoAndHasDposGradient() {
    for (PreferenceLoss loss : new PreferenceLoss[] {FIRST, SECOND}) {
      var result = run(loss, reference);
      assertThat(result.loss()).isCloseTo(Math.log(2), within(1e-14));
      double[] dpo = slopesAtTheReference();
      assertThat(result.gradient()).containsExactly(dpo, within(1e-15));
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new Tdpo1Loss(0)).hasMessage("beta: 0.0 (expected: > 0)");
    assertThatThrownBy(() -> new Tdpo2Loss(-1, Double.NaN))
        .hasMessage("beta: -1.0 (expected: > 0); alpha: NaN (expected: >= 0)");
  }

  private void assertAgrees(Oracle oracle, PreferenceLoss loss) {
    oracle.agrees(run(loss, logits), logits);
    Probe.Result single = Probe.ofLogits(loss).float32(logits, columns());
    assertThat(single.dtype()).isEqualTo(DataType.FLOAT32);
    oracle.agreesInFloat32(single, logits);
  }

  private Probe.Result run(PreferenceLoss loss, double[] z) {
    return Probe.ofLogits(loss).float64(z, columns());
  }

  private Object[] columns() {
    return new Object[] {
      reference,
      IntStream.of(TARGETS).asLongStream().toArray(),
      new double[] {TEMPERATURE},
      IntStream.of(RESPONSE).asLongStream().toArray(),
      weight
    };
  }

  /** {@code held}: the logits from which K_w is taken. */
  private double value(double[] z, double[] held, double alpha) {
    return weight[0] * cost(argument(z, held, alpha, 0))
        + weight[1] * cost(argument(z, held, alpha, 1));
  }

  private double argument(double[] z, double[] held, double alpha, int pair) {
    double divergence = divergence(z, 2 * pair + 1) - divergence(held, 2 * pair);
    return BETA * (ratio(z, 2 * pair) - ratio(z, 2 * pair + 1) - alpha * divergence);
  }

  /** −log σ(x). */
  private static double cost(double x) {
    return Math.log1p(Math.exp(-x));
  }

  /**
   * By hand, at logits from which both divergences are taken.
   *
   * @param chosen the factor of ∂K_w, 0 if it is held
   */
  private double[] slopes(double[] z, double chosen, double rejected) {
    double[] slopes = new double[z.length];
    for (int n = 0; n < TOKENS; n++) {
      int pair = RESPONSE[n] / 2;
      boolean won = RESPONSE[n] % 2 == 0;
      double slope = -weight[pair] * BETA / (1 + Math.exp(argument(z, z, rejected, pair)));
      double[] p = distribution(z, n);
      double[] q = distribution(reference, n);
      for (int v = 0; v < VOCAB; v++) {
        double ofRatio = (v == TARGETS[n] ? 1 : 0) - p[v];
        double ofDivergence = p[v] - q[v];
        slopes[n * VOCAB + v] =
            (won
                    ? slope * (ofRatio + chosen * ofDivergence)
                    : -slope * (ofRatio + rejected * ofDivergence))
                / TEMPERATURE;
      }
    }
    return slopes;
  }

  /** Where Δ = K = 0 and so σ = 1/2, the divergence is at its minimum and has no slope. */
  private double[] slopesAtTheReference() {
    double[] slopes = new double[TOKENS * VOCAB];
    for (int n = 0; n < TOKENS; n++) {
      double sign = RESPONSE[n] % 2 == 0 ? -1 : 1;
      double[] q = distribution(reference, n);
      for (int v = 0; v < VOCAB; v++) {
        double ofRatio = (v == TARGETS[n] ? 1 : 0) - q[v];
        slopes[n * VOCAB + v] = sign * weight[RESPONSE[n] / 2] * BETA / 2 * ofRatio / TEMPERATURE;
      }
    }
    return slopes;
  }

  /** Δ of a response. */
  private double ratio(double[] z, int response) {
    return tokens(response)
        .mapToDouble(
            n ->
                Math.log(distribution(z, n)[TARGETS[n]])
                    - Math.log(distribution(reference, n)[TARGETS[n]]))
        .sum();
  }

  /** K of a response. */
  private double divergence(double[] z, int response) {
    return tokens(response)
        .mapToDouble(
            n -> {
              double[] p = distribution(z, n);
              double[] q = distribution(reference, n);
              return IntStream.range(0, VOCAB).mapToDouble(v -> q[v] * Math.log(q[v] / p[v])).sum();
            })
        .sum();
  }

  private static IntStream tokens(int response) {
    return IntStream.range(0, TOKENS).filter(n -> RESPONSE[n] == response);
  }

  /** softmax(z/T) at a token. */
  private static double[] distribution(double[] z, int n) {
    double[] e =
        Arrays.stream(z, n * VOCAB, (n + 1) * VOCAB).map(x -> Math.exp(x / TEMPERATURE)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(x -> x / sum).toArray();
  }
}
