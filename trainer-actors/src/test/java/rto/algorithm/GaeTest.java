package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GaeTest {

  private static final float[] REWARDS = {1, -2, 3, 0.5f};
  private static final float[] VALUES = {0.5f, 1, -1, 2};

  @Test
  void advantageCarriesTheLastTokensRewardBackward() {
    // δ₃ = 1 − 0.5 = 0.5;  δ₂ = δ₁ = 0.9·0.5 − 0.5 = −0.05;  γλ = 0.9·0.8 = 0.72
    // A₃ = 0.5;  A₂ = −0.05 + 0.72·0.5 = 0.31;  A₁ = −0.05 + 0.72·0.31 = 0.1732
    var estimate = new Gae(0.9, 0.8).estimate(new float[] {0, 0, 1}, new float[] {.5f, .5f, .5f});
    assertArrayEquals(new float[] {0.1732f, 0.31f, 0.5f}, estimate.advantages(), 1e-6f);
    assertArrayEquals(new float[] {0.6732f, 0.81f, 1}, estimate.returns(), 1e-6f);
  }

  @Test
  void lambdaOneIsRewardToGoLessValue() {
    // γ = 0.5, reward-to-go: 0.5;  3 + 0.25 = 3.25;  −2 + 1.625 = −0.375;  1 − 0.1875 = 0.8125
    var estimate = new Gae(0.5, 1).estimate(REWARDS, VALUES);
    assertArrayEquals(new float[] {0.8125f, -0.375f, 3.25f, 0.5f}, estimate.returns(), 1e-6f);
    assertArrayEquals(new float[] {0.3125f, -1.375f, 4.25f, -1.5f}, estimate.advantages(), 1e-6f);
  }

  @Test
  void lambdaZeroIsTheOneStepError() {
    // δ = r + 0.5·V' − V:  1 + .5 − .5 = 1;  −2 − .5 − 1 = −3.5;  3 + 1 + 1 = 5;  .5 + 0 − 2 = −1.5
    var estimate = new Gae(0.5, 0).estimate(REWARDS, VALUES);
    assertArrayEquals(new float[] {1, -3.5f, 5, -1.5f}, estimate.advantages(), 1e-6f);
  }

  @Test
  void gammaZeroLooksAtTheOwnRewardOnly() {
    var estimate = new Gae(0, 0.95).estimate(REWARDS, VALUES);
    assertArrayEquals(REWARDS, estimate.returns(), 1e-6f);
  }

  @Test
  void aPerfectCriticLeavesNoAdvantage() {
    // γ = 1: V is the reward-to-go
    var estimate = new Gae(1, 0.95).estimate(new float[] {1, 2, 3}, new float[] {6, 5, 3});
    assertArrayEquals(new float[] {0, 0, 0}, estimate.advantages());
    assertArrayEquals(new float[] {6, 5, 3}, estimate.returns());
  }

  @Test
  void agreesWithTheExplicitDoubleSum() {
    // A_h = Σ_l (γλ)^l δ_{h+l}, written out as a sum instead of a recursion
    double gamma = 0.97;
    double lambda = 0.9;
    var estimate = new Gae(gamma, lambda).estimate(REWARDS, VALUES);
    for (int h = 0; h < REWARDS.length; h++) {
      double expected = 0;
      for (int l = h; l < REWARDS.length; l++) {
        double next = l + 1 < VALUES.length ? VALUES[l + 1] : 0;
        expected += Math.pow(gamma * lambda, l - h) * (REWARDS[l] + gamma * next - VALUES[l]);
      }
      assertEquals(expected, estimate.advantages()[h], 1e-6);
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new Gae(1.2, 1)).hasMessage("gamma: 1.2 (expected: in [0, 1])");
    assertThatThrownBy(() -> new Gae(1, 1).estimate(new float[2], new float[3]))
        .hasMessage("values: 3 (expected: 2, one per reward)");
  }
}
