package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PreferenceLossTest {

  private static final int PAIRS = 5;
  private static final int TOKENS = 40;
  private static final Probe DPO = new Probe(new DpoLoss(0.1, 0));
  private static final Probe SMOOTHED = new Probe(new DpoLoss(0.5, 0.2));
  private static final Probe IPO = new Probe(new IpoLoss(0.25));

  // ten responses of 1 to 7 tokens, end to end: lengths 1, 7, 2, 6, 3, 5, 4, 4, 5, 3
  private final long[] ids = ids(1, 7, 2, 6, 3, 5, 4, 4, 5, 3);
  private final double[] reference = Oracle.numbers(1, TOKENS, -5, 0);
  private final double[] output = Oracle.numbers(2, TOKENS, -5, 0);
  private final double[] weight = Oracle.numbers(3, PAIRS, 0, 1);

  @Test
  void onePairByHand() {
    // chosen tokens Δ = (1, 2) → 3, rejected Δ = −1; β(Δw − Δl) = 0.1·4 = 0.4
    long[] pair = {0, 0, 1};
    double[] policy = {-1, -1, -3};
    double[] ref = {-2, -3, -2};
    var result = DPO.float64(policy, pair, ref, new double[] {1});
    double sigma = 1 / (1 + Math.exp(-0.4));
    assertThat(result.loss()).isCloseTo(-Math.log(sigma), within(1e-15));
    double slope = 0.1 * (1 - sigma);
    assertThat(result.gradient())
        .containsExactly(new double[] {-slope, -slope, slope}, within(1e-15));
    // accuracy, βΔw, βΔl
    assertThat(result.metrics()).containsExactly(new double[] {1, 0.3, -0.1}, within(1e-15));
  }

  @Test
  void thePolicyThatIsTheReferenceCostsLogTwo() {
    var result = DPO.float64(reference, ids, reference, new double[] {.2, .2, .2, .2, .2});
    assertThat(result.loss()).isCloseTo(Math.log(2), within(1e-14));
    assertThat(result.metrics()).containsExactly(0, 0, 0);
  }

  @Test
  void valueAndGradientAgreeWithTheFormula() {
    Oracle.agree(
        DPO.float64(output, ids, reference, weight),
        of(d -> Math.log1p(Math.exp(-0.1 * d))),
        output);
    Oracle.agree(
        SMOOTHED.float64(output, ids, reference, weight),
        of(d -> 0.8 * Math.log1p(Math.exp(-d / 2)) + 0.2 * Math.log1p(Math.exp(d / 2))),
        output);
    Oracle.agree(IPO.float64(output, ids, reference, weight), of(d -> (d - 2) * (d - 2)), output);
  }

  @Test
  void microBatchesAddUpToTheBatch() {
    // the first two pairs are 16 tokens, the other three 24, numbered from 0 again
    double[] losses = new double[2];
    double[] accuracies = new double[2];
    int[][] cuts = {{0, 16, 0, 2}, {16, TOKENS, 2, PAIRS}};
    for (int part = 0; part < 2; part++) {
      int[] cut = cuts[part];
      var result =
          DPO.float64(
              Arrays.copyOfRange(output, cut[0], cut[1]),
              LongStream.of(ids)
                  .skip(cut[0])
                  .limit(cut[1] - cut[0])
                  .map(id -> id - 2 * cut[2])
                  .toArray(),
              Arrays.copyOfRange(reference, cut[0], cut[1]),
              Arrays.copyOfRange(weight, cut[2], cut[3]));
      losses[part] = result.loss();
      accuracies[part] = result.metrics()[0];
    }
    var whole = DPO.float64(output, ids, reference, weight);
    assertThat(losses[0] + losses[1]).isCloseTo(whole.loss(), within(1e-14));
    assertThat(accuracies[0] + accuracies[1]).isCloseTo(whole.metrics()[0], within(1e-14));
  }

  @Test
  void smoothingKeepsCertaintyFromPaying() {
    // with ε = 0.2 the minimum is at σ(βδ) = 0.8: βδ = log 4, δ = 2 log 4; no slope there
    var best =
        SMOOTHED.float64(
            new double[] {2 * Math.log(4), 0}, new long[] {0, 1}, new double[2], new double[] {1});
    assertThat(best.gradient()).containsExactly(new double[] {0, 0}, within(1e-15));
  }

  @Test
  void precisionIsThatOfTheOutput() {
    for (Probe probe : new Probe[] {DPO, SMOOTHED, IPO}) {
      var single = probe.float32(output, ids, reference, weight);
      var full = probe.float64(output, ids, reference, weight);
      assertThat(single.dtype()).isEqualTo(DataType.FLOAT32);
      assertThat(full.dtype()).isEqualTo(DataType.FLOAT64);
      assertThat(single.loss()).isCloseTo(full.loss(), within(1e-4 * (1 + full.loss())));
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new DpoLoss(0, 0)).hasMessage("beta: 0.0 (expected: > 0)");
    assertThatThrownBy(() -> new DpoLoss(0.1, 0.5))
        .hasMessage("label-smoothing: 0.5 (expected: in [0, 0.5))");
    assertThatThrownBy(() -> new IpoLoss(-1)).hasMessage("beta: -1.0 (expected: > 0)");
  }

  private ToDoubleFunction<double[]> of(DoubleUnaryOperator pairLoss) {
    return logProbs -> {
      double[] difference = new double[PAIRS];
      for (int i = 0; i < TOKENS; i++) {
        int sign = ids[i] % 2 == 0 ? 1 : -1;
        difference[(int) ids[i] / 2] += sign * (logProbs[i] - reference[i]);
      }
      return IntStream.range(0, PAIRS)
          .mapToDouble(p -> weight[p] * pairLoss.applyAsDouble(difference[p]))
          .sum();
    };
  }

  private static long[] ids(int... lengths) {
    return IntStream.range(0, lengths.length)
        .flatMap(s -> IntStream.generate(() -> s).limit(lengths[s]))
        .asLongStream()
        .toArray();
  }
}
