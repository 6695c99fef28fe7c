package rto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import rto.lm.ComputeType;

/**
 * A machine of round numbers: 100 flop/s at an update's rows, 10 at a decoding batch's, 2 bytes/s
 * on one thread. Of the small shape the body has 120 numbers, the head 40, a scalar head 4.
 */
class BoundsTest {

  private static final double EXACT = 1e-9;

  private final BenchShape shape = Small.shape();
  private final Bounds bounds = new Bounds(shape, machine());

  /** 3 prompts of 5 tokens, two responses of 3 tokens each: 18 sampled, 48 read. */
  private final IterationSize size = IterationSize.of(prompts(), 2, 3);

  @Test
  void anIterationsTokensAreCounted() {
    assertThat(size).isEqualTo(new IterationSize(6, 15, 18, 48));
  }

  @Test
  void aSequenceAloneReadsAllWeightsForEachToken() {
    assertThat(bounds.decodingAlone(5)).isEqualTo(5 * 4 * 172 / 2.0);
  }

  /**
   * In a model of one layer: 8 products of 0.5 s, 29 + 15 operators of 0.1 s, 172 floats to read.
   */
  @Test
  void aStepCostsItsCallItsOperatorsAndReading() {
    assertThat(bounds.stepFloor()).isCloseTo(1 + 8 * 0.5 + 44 * 0.1 + 4 * 172 / 2.0, within(EXACT));
  }

  @Test
  void bfloat16HasARateOfItsOwnAndHalfTheBytes() {
    Bounds half = new Bounds(shape.in(ComputeType.BFLOAT16), machine());
    assertThat(half.decodingAlone(5)).isEqualTo(5 * 2 * 172 / 2.0);
    assertThat(half.decoding(5)).isCloseTo(5 * 2 * 160 / 1000.0, within(EXACT));
  }

  @Test
  void whatIsMeasuredAgainTakesTheFirstOnesPlace() {
    Rate first = machine().rates().get(0);
    Rate again = new Rate(first.path(), first.rows(), Spread.of(7));
    Calibration later = machine().multiplying(List.of(again)).reading(Spread.of(4));
    assertThat(later.rates().get(0)).isEqualTo(again);
    assertThat(later.rates().subList(1, later.rates().size()))
        .isEqualTo(machine().rates().subList(1, later.rates().size()));
    assertThat(new Bounds(shape, later).decodingAlone(5)).isEqualTo(5 * 4 * 172 / 4.0);
  }

  @Test
  void decodingMultipliesByEveryWeight() {
    assertThat(bounds.decoding(5)).isCloseTo(5 * 2 * 160 / 10.0, within(EXACT));
  }

  @Test
  void samplingReadsEachPromptOnce() {
    assertThat(bounds.sampling(size))
        .isCloseTo(2 * 120 * 15 / 100.0 + 18 * 2 * 160 / 10.0, within(EXACT));
  }

  @Test
  void threeModelsScore() {
    double language = 2 * (120 * 48 + 40 * 18);
    double reward = 2 * (120 * 48 + 4 * 6);
    assertThat(bounds.scoring(size)).isCloseTo((2 * language + reward) / 100, within(EXACT));
  }

  @Test
  void policyAndCriticLearnAndTheCriticIsAskedFirst() {
    double policy = 6 * (120 * 48 + 40 * 18);
    double critic = 8 * (120 * 48 + 4 * 18);
    assertThat(bounds.update(size)).isCloseTo((policy + critic) / 100, within(EXACT));
  }

  private static List<int[]> prompts() {
    return List.of(new int[5], new int[5], new int[5]);
  }

  private Calibration machine() {
    return new Calibration(
        List.of(
            new Rate(MatmulPath.MKL, shape.updateRows(), Spread.of(100)),
            new Rate(MatmulPath.MKL, shape.batch(), Spread.of(10)),
            new Rate(MatmulPath.BFLOAT16, shape.updateRows(), Spread.of(500)),
            new Rate(MatmulPath.BFLOAT16, shape.batch(), Spread.of(1000))),
        Spread.of(2),
        Spread.of(3),
        Spread.of(1),
        Spread.of(0.5),
        Spread.of(0.1));
  }
}
