package rto.node.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.metrics.Interval;
import rto.node.dashboard.ComparisonReport.Measures;
import rto.node.dashboard.ComparisonReport.Point;
import rto.node.dashboard.ComparisonReport.Reach;
import rto.node.dashboard.ComparisonReport.Summary;

class ResultsTest {

  @Test
  void aMeanOverSeedsHasStudentsInterval() {
    // 1, 2, 3: mean 2, s = 1, t(0.975, 2) = 4.302653; half = 4.302653 / √3 = 2.484138
    Interval gold = Results.summary(List.of(gold(1), gold(2), gold(3))).gold();

    assertThat(gold.estimate()).isEqualTo(2);
    assertThat(gold.halfWidth()).isCloseTo(2.484138, within(1e-6));
  }

  @Test
  void aDifferenceIsTakenSeedBySeed() {
    // Seeds that lie far apart, 1, 5, 9 and 0.5, 4.3, 8.4: the differences 0.5, 0.7, 0.6 do not.
    // Mean 0.6, s = 0.1; half = 4.302653 · 0.1 / √3 = 0.248414
    Summary difference =
        Results.difference(
            List.of(gold(1), gold(5), gold(9)), List.of(gold(0.5), gold(4.3), gold(8.4)));

    assertThat(difference.gold().estimate()).isCloseTo(0.6, within(1e-12));
    assertThat(difference.gold().halfWidth()).isCloseTo(0.248414, within(1e-6));
  }

  @Test
  void oneSeedHasAMeanAndNoInterval() {
    Interval gold = Results.summary(List.of(gold(1.5))).gold();

    assertThat(gold.estimate()).isEqualTo(1.5);
    assertThat(gold.halfWidth()).isNaN();
  }

  @Test
  void theFractionOfDataIsThatOfTheFirstPointAsHighAsTheBaselinesLast() {
    // The baseline ends at 0.5 after 300 rollouts; the arm has 0.4 after 100 and 0.6 after 200.
    assertThat(Results.fraction(curve(0, 0.4, 0.6, 0.9), curve(0, 0.2, 0.4, 0.5)))
        .isEqualTo(200.0 / 300);
    assertThat(Results.fraction(curve(0, 0.5, 0.1, 0.2), curve(0, 0.2, 0.4, 0.5)))
        .as("equal is enough, and it may fall again")
        .isEqualTo(100.0 / 300);
    assertThat(Results.fraction(curve(0, 0.1, 0.2, 0.3), curve(0, 0.2, 0.4, 0.5)))
        .as("never")
        .isNaN();
  }

  @Test
  void aSeedThatNeverReachesIsCountedAndNotAveraged() {
    // Seed 1 after 1/2, seed 2 after 1/1, seed 3 never: mean of 0.5 and 1 is 0.75.
    // Mean curves: arm 0, 0.4, 0.6; baseline 0, 0.2, 0.6: reached at the end.
    Reach reach =
        Results.reach(
            List.of(curve(0, 0.9, 0.9), curve(0, 0.2, 0.8), curve(0, 0.1, 0.1)),
            List.of(curve(0, 0.2, 0.6), curve(0, 0.2, 0.7), curve(0, 0.2, 0.5)));

    assertThat(reach.reached()).isEqualTo(2);
    assertThat(reach.seeds()).isEqualTo(3);
    assertThat(reach.fraction().estimate()).isEqualTo(0.75);
    assertThat(reach.ofMeanCurves()).isEqualTo(1);
  }

  @Test
  void whatNobodyReachesHasNoFigure() {
    Reach reach = Results.reach(List.of(curve(0, 0.1)), List.of(curve(0, 0.5)));

    assertThat(reach.reached()).isZero();
    assertThat(reach.fraction().estimate()).isNaN();
    assertThat(reach.ofMeanCurves()).isNaN();
  }

  private static Measures gold(double gold) {
    return new Measures(gold, 0, 0, 0, 0);
  }

  /** A point every 100 rollouts. */
  private static List<Point> curve(double... gold) {
    return IntStream.range(0, gold.length)
        .mapToObj(i -> new Point(100L * i, gold(gold[i])))
        .toList();
  }
}
