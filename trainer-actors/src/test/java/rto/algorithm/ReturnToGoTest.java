package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReturnToGoTest {

  @Test
  void theReturnIsTheDiscountedSumFromTheTokenOn() {
    // γ = ½: ½;  3 + ¼ = 3¼;  −2 + 1⅝ = −⅜;  1 − 3/16 = 13/16
    assertThat(new ReturnToGo(0.5).of(new float[] {1, -2, 3, 0.5f}))
        .containsExactly(0.8125f, -0.375f, 3.25f, 0.5f);
  }

  @Test
  void withoutDiscountEveryTokenHasWhatIsStillToCome() {
    assertThat(new ReturnToGo(1).of(new float[] {0, 0, 1})).containsExactly(1, 1, 1);
    assertThat(new ReturnToGo(1).of(new float[] {1, 2, 3})).containsExactly(6, 5, 3);
  }

  @Test
  void withGammaZeroEveryTokenHasItsOwnReward() {
    assertThat(new ReturnToGo(0).of(new float[] {1, -2, 3})).containsExactly(1, -2, 3);
  }

  @Property(tries = 100)
  void itIsGaeWithLambdaOneAndNoCritic(
      @ForAll @Size(min = 1, max = 30) float @FloatRange(min = -5, max = 5) [] r,
      @ForAll @DoubleRange(max = 1) double gamma) {
    assertThat(new ReturnToGo(gamma).of(r))
        .containsExactly(new Gae(gamma, 1).estimate(r, new float[r.length]).advantages());
  }

  /**
   * REINFORCE++ by hand, γ = 1. Returns of (1, 0), (−1) and (0, 0, 4) are 1, 0 | −1 | 4, 4, 4: mean
   * 2, variance (1 + 4 + 9 + 4 + 4 + 4)/6 = 26/6, deviation 2.081666.
   */
  @Test
  void whitenedReturnsAreTheAdvantages() {
    ReturnToGo returns = new ReturnToGo(1);
    List<float[]> white =
        Whitening.whiten(
            List.of(
                returns.of(new float[] {1, 0}),
                returns.of(new float[] {-1}),
                returns.of(new float[] {0, 0, 4})));
    assertArrayEquals(new float[] {-0.480384f, -0.960769f}, white.get(0), 1e-6f);
    assertArrayEquals(new float[] {-1.441153f}, white.get(1), 1e-6f);
    assertArrayEquals(new float[] {0.960769f, 0.960769f, 0.960769f}, white.get(2), 1e-6f);
  }

  @Test
  void badDiscountIsNamed() {
    assertThatThrownBy(() -> new ReturnToGo(1.5)).hasMessage("gamma: 1.5 (expected: in [0, 1])");
  }
}
