package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class IntervalTest {

  @Test
  void studentsQuantilesAreThoseOfTheTable() {
    // The usual two-sided 95 % column: ν = 1, 2, 3, 4, 5, 9, 10, 29, 30, 120, and the normal limit
    assertThat(StudentT.quantile975(1)).isCloseTo(12.7062, within(5e-5));
    assertThat(StudentT.quantile975(2)).isCloseTo(4.3027, within(5e-5));
    assertThat(StudentT.quantile975(3)).isCloseTo(3.1824, within(5e-5));
    assertThat(StudentT.quantile975(4)).isCloseTo(2.7764, within(5e-5));
    assertThat(StudentT.quantile975(5)).isCloseTo(2.5706, within(5e-5));
    assertThat(StudentT.quantile975(9)).isCloseTo(2.2622, within(5e-5));
    assertThat(StudentT.quantile975(10)).isCloseTo(2.2281, within(5e-5));
    assertThat(StudentT.quantile975(29)).isCloseTo(2.0452, within(5e-5));
    assertThat(StudentT.quantile975(30)).isCloseTo(2.0423, within(5e-5));
    assertThat(StudentT.quantile975(120)).isCloseTo(1.9799, within(5e-5));
    assertThat(StudentT.quantile975(10_000_000)).isCloseTo(1.95996, within(5e-5));
  }

  @Test
  void theDistributionOfOneDegreeIsCauchys() {
    // P(|T| ≤ 1) = 2/π · atan 1 = 1/2
    assertThat(StudentT.within(1, 1)).isCloseTo(0.5, within(1e-15));
  }

  @Test
  void theMeanOfFiveNumbers() {
    // 1..5: x̄ = 3, s² = 10/4 = 2.5, s/√n = √0.5; t(4) = 2.776445: half = 1.963243
    var interval = Interval.ofMean(new double[] {1, 2, 3, 4, 5});

    assertThat(interval.estimate()).isEqualTo(3);
    assertThat(interval.halfWidth()).isCloseTo(1.963243, within(1e-6));
    assertThat(interval.low()).isCloseTo(1.036757, within(1e-6));
    assertThat(interval.samples()).isEqualTo(5);
  }

  @Test
  void aPairedDifferenceForgetsWhatThePairsShare() {
    // Differences 1, 2, 3: mean 2, s = 1, t(2) = 4.302653: half = 4.302653 / √3 = 2.484138
    var interval =
        Interval.ofPairedDifference(new double[] {101, 52, 3}, new double[] {100, 50, 0});

    assertThat(interval.estimate()).isEqualTo(2);
    assertThat(interval.halfWidth()).isCloseTo(2.484138, within(1e-6));
  }

  @Test
  void wilsonsIntervalIsTheOneOfTheTextbook() {
    // 15 of 50 (p̂ = 0.3): [0.191, 0.438]; 0 of 10: [0, z²/(n+z²)] = [0, 0.2775]
    var some = Interval.ofShare(15, 50);
    assertThat(some.low()).isCloseTo(0.1910, within(5e-5));
    assertThat(some.high()).isCloseTo(0.4375, within(5e-5));

    var none = Interval.ofShare(0, 10);
    assertThat(none.low()).isZero();
    assertThat(none.high()).isCloseTo(0.27753, within(5e-6));
  }

  @Test
  void aTieIsHalfAWin() {
    var rate = Interval.ofWinRate(new double[] {2, 1, 1, 0}, new double[] {1, 1, 1, 1});

    assertThat(rate.estimate()).isEqualTo(0.5); // one win, two ties, one loss
  }

  @Test
  void oneSampleHasNoInterval() {
    assertThatThrownBy(() -> Interval.ofMean(new double[] {1}))
        .hasMessage("samples: 1 (expected: at least 2 for an interval)");
  }
}
