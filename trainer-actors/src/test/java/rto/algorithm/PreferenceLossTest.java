package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rto.tensor.Script;
import rto.tensor.Torch;

/** The losses that read log-probabilities; those that read distributions: {@link TdpoLossTest}. */
class PreferenceLossTest {

  // ten responses of 1 to 7 tokens, end to end
  private static final int[] LENGTHS = {1, 7, 2, 6, 3, 5, 4, 4, 5, 3};
  private static final int PAIRS = LENGTHS.length / 2;
  private static final int TOKENS = IntStream.of(LENGTHS).sum();
  private static final long[] IDS = ids();

  private final double[] reference = Oracle.numbers(1, TOKENS, -5, 0);
  private final double[] output = Oracle.numbers(2, TOKENS, -5, 0);
  private final double[] weight = Oracle.numbers(3, PAIRS, 0, 1);

  /** ℓ and dℓ/d(s_w − s_l), in the difference of the scores and that of the lengths. */
  private interface Formula {
    double of(double difference, int longer);
  }

  /** What a GPU takes instead of index_add; a NaN stays in its own response. */
  @Test
  void tokensAreSummedOverTheirOwnResponses() {
    Script sums = Script.compile(PairScript.SUMS, Map.of());
    try (NDManager scope = Torch.newScope()) {
      for (String way : List.of("in_order", "of_responses")) {
        float[] totals =
            sums.run(
                    scope,
                    way,
                    scope.create(new long[] {3, 0, 1, 0, 3}),
                    scope.create(new float[] {1, 2, Float.NaN, 4, 8}),
                    2L)
                .singletonOrThrow()
                .toFloatArray();
        assertThat(totals).containsExactly(2 + 4, Float.NaN, 0, 1 + 8);
      }
    }
  }

  private record Case(PreferenceLoss loss, Formula value, Formula slope) {
    @Override
    public String toString() {
      return loss.toString();
    }
  }

  static Stream<Case> losses() {
    return Stream.of(
        new Case(
            new DpoLoss(0.1, 0),
            (d, n) -> Math.log1p(Math.exp(-0.1 * d)),
            (d, n) -> -0.1 / (1 + Math.exp(0.1 * d))),
        new Case(
            new DpoLoss(0.5, 0.2),
            (d, n) -> 0.8 * Math.log1p(Math.exp(-d / 2)) + 0.2 * Math.log1p(Math.exp(d / 2)),
            (d, n) -> -0.4 / (1 + Math.exp(d / 2)) + 0.1 / (1 + Math.exp(-d / 2))),
        new Case(new IpoLoss(0.25), (d, n) -> (d - 2) * (d - 2), (d, n) -> 2 * (d - 2)),
        new Case(
            new RDpoLoss(0.3, 0.07),
            (d, n) -> Math.log1p(Math.exp(-0.3 * d - 0.07 * n)),
            (d, n) -> -0.3 / (1 + Math.exp(0.3 * d + 0.07 * n))),
        new Case(
            new SimPoLoss(2.5, OptionalDouble.of(0.5), OptionalDouble.empty()),
            (d, n) -> Math.log1p(Math.exp(0.5 - 2.5 * d)),
            (d, n) -> -2.5 / (1 + Math.exp(2.5 * d - 0.5))));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void valueAndGradientAgreeWithTheFormula(Case c) {
    Oracle oracle = new Oracle(x -> value(c, x), x -> slopes(c, x));
    oracle.agrees(run(c.loss(), output), output);
    Probe.Result single = new Probe(c.loss()).float32(output, columns(c.loss(), 0, PAIRS));
    assertThat(single.dtype()).isEqualTo(DataType.FLOAT32);
    oracle.agreesInFloat32(single, output);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void microBatchesAddUpToTheBatch(Case c) {
    Probe probe = new Probe(c.loss());
    Probe.Result whole = run(c.loss(), output);
    Probe.Result first = probe.float64(tokens(output, 0, 2), columns(c.loss(), 0, 2));
    Probe.Result second = probe.float64(tokens(output, 2, PAIRS), columns(c.loss(), 2, PAIRS));
    assertThat(first.loss() + second.loss()).isCloseTo(whole.loss(), within(1e-13));
    for (int i = 0; i < whole.metrics().length; i++) {
      assertThat(first.metrics()[i] + second.metrics()[i])
          .as(c.loss().metrics().get(i))
          .isCloseTo(whole.metrics()[i], within(1e-13));
    }
  }

  @Test
  void onePairOfDpoByHand() {
    // chosen tokens Δ = (1, 2) → 3, rejected Δ = −1; β(Δw − Δl) = 0.1·4 = 0.4
    var result = onePair(new DpoLoss(0.1, 0));
    double sigma = 1 / (1 + Math.exp(-0.4));
    assertThat(result.loss()).isCloseTo(-Math.log(sigma), within(1e-15));
    double slope = 0.1 * (1 - sigma);
    assertThat(result.gradient())
        .containsExactly(new double[] {-slope, -slope, slope}, within(1e-15));
    // accuracy, βΔw, βΔl, their difference
    assertThat(result.metrics()).containsExactly(new double[] {1, 0.3, -0.1, 0.4}, within(1e-15));
  }

  @Test
  void onePairOfLengthRegularisedDpoByHand() {
    // one token longer: 0.1·4 + 0.5·(2 − 1) = 0.9
    var result = onePair(new RDpoLoss(0.1, 0.5));
    assertThat(result.loss()).isCloseTo(Math.log1p(Math.exp(-0.9)), within(1e-15));
    assertThat(result.metrics())
        .containsExactly(new double[] {1, 0.3, -0.1, 0.4, 1}, within(1e-15));
  }

  @Test
  void onePairOfSimPoByHand() {
    // log π: chosen (−1, −1) → mean −1, rejected −3; 2·(−1 + 3) − 1 = 3; d/d log π of a chosen
    // token is −β(1 − σ)/2, of the rejected one β(1 − σ)
    for (SimPoLoss loss :
        List.of(
            new SimPoLoss(2, OptionalDouble.of(1), OptionalDouble.empty()),
            new SimPoLoss(2, OptionalDouble.empty(), OptionalDouble.of(0.5)))) {
      var result = onePair(loss);
      assertThat(result.loss()).isCloseTo(Math.log1p(Math.exp(-3)), within(1e-15));
      double slope = 2 / (1 + Math.exp(3));
      assertThat(result.gradient())
          .containsExactly(new double[] {-slope / 2, -slope / 2, slope}, within(1e-15));
      assertThat(result.metrics()).containsExactly(new double[] {1, -2, -6, 4, 1}, within(1e-15));
    }
  }

  @Test
  void thePolicyThatIsTheReferenceCostsLogTwo() {
    var result = run(new DpoLoss(0.1, 0), reference, new double[] {.2, .2, .2, .2, .2});
    assertThat(result.loss()).isCloseTo(Math.log(2), within(1e-14));
    assertThat(result.metrics()).containsOnly(0);
  }

  @Test
  void withoutTheLengthTermItIsDpo() {
    Probe.Result actual = run(new RDpoLoss(0.3, 0), output);
    Probe.Result dpo = run(new DpoLoss(0.3, 0), output);
    assertThat(actual.loss()).isEqualTo(dpo.loss());
    assertThat(actual.gradient()).containsExactly(dpo.gradient());
  }

  @Test
  void smoothingKeepsCertaintyFromPaying() {
    // with ε = 0.2 the minimum is at σ(βδ) = 0.8: βδ = log 4, δ = 2 log 4; no slope there
    var best =
        new Probe(new DpoLoss(0.5, 0.2))
            .float64(
                new double[] {2 * Math.log(4), 0},
                new long[] {0, 1},
                new double[] {1},
                new double[2]);
    assertThat(best.gradient()).containsExactly(new double[] {0, 0}, within(1e-15));
  }

  @Test
  void badArgumentsAreNamed() {
    OptionalDouble none = OptionalDouble.empty();
    OptionalDouble some = OptionalDouble.of(0.5);
    assertThatThrownBy(() -> new DpoLoss(0, 0)).hasMessage("beta: 0.0 (expected: > 0)");
    assertThatThrownBy(() -> new DpoLoss(0.1, 0.5))
        .hasMessage("label-smoothing: 0.5 (expected: in [0, 0.5))");
    assertThatThrownBy(() -> new IpoLoss(-1)).hasMessage("beta: -1.0 (expected: > 0)");
    assertThatThrownBy(() -> new RDpoLoss(0, -1))
        .hasMessage("beta: 0.0 (expected: > 0); alpha: -1.0 (expected: >= 0)");
    assertThatThrownBy(() -> new SimPoLoss(0, some, none)).hasMessage("beta: 0.0 (expected: > 0)");
    assertThatThrownBy(() -> new SimPoLoss(1, none, none))
        .hasMessage("gamma: missing (expected: either gamma or gamma-beta-ratio)");
    assertThatThrownBy(() -> new SimPoLoss(1, some, some))
        .hasMessage("gamma-beta-ratio: 0.5 (expected: either gamma or gamma-beta-ratio, not both)");
    assertThatThrownBy(() -> new SimPoLoss(1, OptionalDouble.of(-1), none))
        .hasMessage("gamma: -1.0 (expected: >= 0)");
    assertThatThrownBy(() -> new SimPoLoss(1, none, OptionalDouble.of(-1)))
        .hasMessage("gamma-beta-ratio: -1.0 (expected: >= 0)");
  }

  private Probe.Result run(PreferenceLoss loss, double[] logProbs) {
    return new Probe(loss).float64(logProbs, columns(loss, 0, PAIRS));
  }

  private Probe.Result run(PreferenceLoss loss, double[] logProbs, double[] weights) {
    return new Probe(loss).float64(logProbs, IDS, weights, reference);
  }

  /** Chosen: two tokens of log π = −1, log π_ref = −2 and −3; rejected: one of −3 and −2. */
  private static Probe.Result onePair(PreferenceLoss loss) {
    double[] policy = {-1, -1, -3};
    long[] ids = {0, 0, 1};
    double[] one = {1};
    return loss.reference() == PreferenceLoss.Reference.NONE
        ? new Probe(loss).float64(policy, ids, one)
        : new Probe(loss).float64(policy, ids, one, new double[] {-2, -3, -2});
  }

  /** Of some pairs, numbered from 0 again. */
  private Object[] columns(PreferenceLoss loss, int from, int to) {
    long[] ids =
        LongStream.of(IDS)
            .filter(id -> from <= id / 2 && id / 2 < to)
            .map(i -> i - 2 * from)
            .toArray();
    double[] weights = Arrays.copyOfRange(weight, from, to);
    return loss.reference() == PreferenceLoss.Reference.NONE
        ? new Object[] {ids, weights}
        : new Object[] {ids, weights, tokens(reference, from, to)};
  }

  private static double[] tokens(double[] all, int fromPair, int toPair) {
    return IntStream.range(0, TOKENS)
        .filter(i -> fromPair <= IDS[i] / 2 && IDS[i] / 2 < toPair)
        .mapToDouble(i -> all[i])
        .toArray();
  }

  private double value(Case c, double[] logProbs) {
    return IntStream.range(0, PAIRS)
        .mapToDouble(p -> weight[p] * c.value().of(difference(c, logProbs, p), longer(p)))
        .sum();
  }

  private double[] slopes(Case c, double[] logProbs) {
    double[] slopes = new double[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      int p = (int) IDS[i] / 2;
      double slope = weight[p] * c.slope().of(difference(c, logProbs, p), longer(p));
      double part = isMean(c) ? 1.0 / LENGTHS[(int) IDS[i]] : 1;
      slopes[i] = (IDS[i] % 2 == 0 ? 1 : -1) * part * slope;
    }
    return slopes;
  }

  private double difference(Case c, double[] logProbs, int pair) {
    return score(c, logProbs, 2 * pair) - score(c, logProbs, 2 * pair + 1);
  }

  /** Mean log π with SimPO, summed log-ratio with the others. */
  private double score(Case c, double[] logProbs, int response) {
    double sum = 0;
    for (int i = 0; i < TOKENS; i++) {
      if (IDS[i] == response) {
        sum += isMean(c) ? logProbs[i] / LENGTHS[response] : logProbs[i] - reference[i];
      }
    }
    return sum;
  }

  private static boolean isMean(Case c) {
    return c.loss() instanceof SimPoLoss;
  }

  private static int longer(int pair) {
    return LENGTHS[2 * pair] - LENGTHS[2 * pair + 1];
  }

  private static long[] ids() {
    return IntStream.range(0, LENGTHS.length)
        .flatMap(s -> IntStream.generate(() -> s).limit(LENGTHS[s]))
        .asLongStream()
        .toArray();
  }
}
