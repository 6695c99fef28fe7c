package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import rto.algorithm.LearningRate.Constant;
import rto.algorithm.LearningRate.WarmupCosine;

class LearningRateTest {

  @Test
  void constantIsConstant() {
    assertThat(new Constant(3e-4).at(0)).isEqualTo(3e-4);
    assertThat(new Constant(3e-4).at(1_000_000)).isEqualTo(3e-4);
  }

  @Test
  void warmsUpThenFallsOnACosine() {
    // T = 8, W = 0.375·8 = 3: 1/4, 2/4, 3/4 of the peak, then p = (s − 3)/4
    // cosine part ½(1 + cos πp) = 1, 0.853553, 0.5, 0.146447, 0;  0.1 + 0.9·that
    var rate = new WarmupCosine(1, 0.375, 0.1, 8);
    double[] expected = {0.25, 0.5, 0.75, 1, 0.868198, 0.55, 0.231802, 0.1};
    for (int step = 0; step < 8; step++) {
      assertThat(rate.at(step)).isCloseTo(expected[step], within(1e-6));
    }
  }

  @Test
  void staysAtTheFinalPartAfterTheLastStep() {
    assertThat(new WarmupCosine(2, 0.375, 0.1, 8).at(100)).isCloseTo(0.2, within(1e-15));
    assertThat(new WarmupCosine(2, 0, 0, 8).at(7)).isCloseTo(0, within(1e-15));
  }

  @Test
  void withoutWarmupTheFirstStepHasThePeak() {
    assertThat(new WarmupCosine(2, 0, 0.1, 8).at(0)).isEqualTo(2);
    assertThat(new WarmupCosine(2, 0.5, 0.1, 1).at(0)).isEqualTo(2);
  }

  @Test
  void finalPartOneIsConstantAfterWarmup() {
    var rate = new WarmupCosine(2, 0.25, 1, 8);
    for (int step = 2; step < 8; step++) {
      assertThat(rate.at(step)).isEqualTo(2);
    }
  }

  @Test
  void warmupStepsAreRoundedUpButNotByRoundingErrors() {
    // 0.03·10 = 0.3: one step; 0.07·100 = 7.000000000000001: seven steps
    assertThat(new WarmupCosine(1, 0.03, 0, 10).at(0)).isEqualTo(0.5);
    assertThat(new WarmupCosine(1, 0.07, 0, 100).at(7)).isEqualTo(1);
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new WarmupCosine(1, 1, 0, 10))
        .hasMessage("warmup: 1.0 (expected: in [0, 1))");
    assertThatThrownBy(() -> new Constant(-1)).hasMessage("learning-rate: -1.0 (expected: >= 0)");
  }
}
