package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import rto.protocol.Diverged;

class WhiteningTest {

  @Test
  void meanAndPopulationVarianceAreTakenOverAllTokens() {
    // 1, 2 | 3, 6: mean 3, variance (4 + 1 + 0 + 9)/4 = 3.5, √3.5 = 1.870829
    List<float[]> white = Whitening.whiten(List.of(new float[] {1, 2}, new float[] {3, 6}));
    assertArrayEquals(new float[] {-1.069045f, -0.534522f}, white.get(0), 1e-6f);
    assertArrayEquals(new float[] {0, 1.603567f}, white.get(1), 1e-6f);
  }

  @Test
  void equalAdvantagesBecomeZerosNotNaN() {
    float[] same = {0.1f, 0.1f, 0.1f};
    assertThat(Whitening.whiten(List.of(same, same)))
        .allSatisfy(white -> assertThat(white).containsOnly(0));
  }

  @Test
  void varianceBelowTheFloorIsTakenAsTheFloor() {
    // ±1e-6: variance 1e-12 < 1e-8, so they are divided by 1e-4
    List<float[]> white = Whitening.whiten(List.of(new float[] {1e-6f, -1e-6f}));
    assertArrayEquals(new float[] {0.01f, -0.01f}, white.get(0), 1e-8f);
  }

  @Property(tries = 200)
  void resultHasMeanZeroAndVarianceOne(@ForAll("advantages") List<float[]> responses) {
    Assume.that(spread(responses) > 0.01);
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (float[] white : Whitening.whiten(responses)) {
      for (float value : white) {
        sum += value;
        squares += (double) value * value;
        count++;
      }
    }
    assertThat(sum / count).isCloseTo(0, within(1e-5));
    assertThat(squares / count).isCloseTo(1, within(1e-5));
  }

  @Provide
  Arbitrary<List<float[]>> advantages() {
    return Arbitraries.floats()
        .between(-50, 50)
        .array(float[].class)
        .ofMinSize(1)
        .ofMaxSize(30)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Test
  void nothingToWhitenAndNotFiniteAreRefused() {
    assertThatThrownBy(() -> Whitening.whiten(List.of()))
        .hasMessage("advantages: none (expected: at least one token)");
    assertThatThrownBy(() -> Whitening.whiten(List.of(new float[] {1, Float.NaN})))
        .isInstanceOf(Diverged.class)
        .hasMessage("sum of advantages: NaN (expected: a finite number)");
  }

  private static double spread(List<float[]> responses) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float[] response : responses) {
      for (float value : response) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return high - low;
  }
}
