package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import rto.algorithm.KlController.Adaptive;
import rto.algorithm.KlController.Fixed;
import rto.protocol.Diverged;

class KlTest {

  @Test
  void observedKlIsTheMeanOverResponsesOfTheirSums() {
    // Σk = (−1 + 2) + (−2 + 4) = 3 and −1 + 0.5 = −0.5; mean 1.25
    var first = Scored.of(new float[] {-1, -2}, new float[] {-2, -4}, new float[2], 0);
    var second = Scored.of(new float[] {-1}, new float[] {-0.5f}, new float[1], 0);
    assertThat(KlEstimate.perToken(first)).containsExactly(1, 2);
    assertThat(KlEstimate.perResponse(List.of(first, second))).isEqualTo(1.25);
  }

  @Test
  void fixedNeverMoves() {
    assertThat(new Fixed(0.05).next(1000, 10).beta2()).isEqualTo(0.05);
    assertThat(new Fixed(0).next(1000, 10).beta2()).isZero();
  }

  @Test
  void adaptiveRisesWhenKlIsAboveTarget() {
    // error = 6.6/6 − 1 = 0.1;  0.1·(1 + 0.1·256/1024) = 0.1025
    assertThat(new Adaptive(0.1, 6, 1024).next(6.6, 256).beta2()).isCloseTo(0.1025, within(1e-15));
  }

  @Test
  void adaptiveFallsWhenKlIsBelowTarget() {
    // error = 5.4/6 − 1 = −0.1;  0.1·(1 − 0.1·256/1024) = 0.0975
    assertThat(new Adaptive(0.1, 6, 1024).next(5.4, 256).beta2()).isCloseTo(0.0975, within(1e-15));
  }

  @Test
  void oneStepIsBoundedByTwentyPercentOfNOverHorizon() {
    // 0.1·(1 ± 0.2·256/1024) = 0.105, 0.095; a k1 estimate may be negative
    var controller = new Adaptive(0.1, 6, 1024);
    assertThat(controller.next(600, 256).beta2()).isCloseTo(0.105, within(1e-15));
    assertThat(controller.next(-3, 256).beta2()).isCloseTo(0.095, within(1e-15));
  }

  @Test
  void eachIterationGoesOnFromTheCoefficientOfTheOneBefore() {
    // n/horizon = ½, target 2: KL 2.2, 1, 8 are errors 0.1, −0.5 → −0.2, 3 → 0.2
    // 0.1 · 1.05 · 0.9 · 1.1 = 0.10395
    KlController controller = new Adaptive(0.1, 2, 100);
    for (double kl : new double[] {2.2, 1, 8}) {
      controller = controller.next(kl, 50);
    }
    assertThat(controller.beta2()).isCloseTo(0.10395, within(1e-15));
    assertThat(controller.at(0.3)).isEqualTo(new Adaptive(0.3, 2, 100));
  }

  @Test
  void onTargetNothingChanges() {
    assertThat(new Adaptive(0.1, 6, 1024).next(6, 256)).isEqualTo(new Adaptive(0.1, 6, 1024));
  }

  @Test
  void aStepThatCouldTurnBeta2NegativeIsRefused() {
    assertThatThrownBy(() -> new Adaptive(0.1, 6, 100).next(6, 500))
        .hasMessage("kl-control.horizon: 100.0 (expected: > 100.0)");
    assertThatThrownBy(() -> new Adaptive(0.1, 6, 100).next(Double.NaN, 5))
        .isInstanceOf(Diverged.class)
        .hasMessage("observed KL: NaN (expected: a finite number)");
    assertThatThrownBy(() -> new Adaptive(0, 6, 100)).hasMessage("beta2: 0.0 (expected: > 0)");
  }
}
