package rto.data.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BradleyTerryLabellerTest {

  @Test
  void probabilityIsTheLogisticOfTheScaledDifference() {
    // σ(ln 3) = 3/4; at temperature 2 a difference of 2 ln 3 gives the same
    assertThat(new BradleyTerryLabeller(1, 0).probability(Math.log(3), 0))
        .isCloseTo(0.75, within(1e-12));
    assertThat(new BradleyTerryLabeller(2, 0).probability(0, 2 * Math.log(3)))
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void preferencesComeWithThatFrequency() {
    // 10,000 pairs at P = 3/4: 7,500, standard deviation √(10000 · 3/16) = 43; five of them
    var labeller = new BradleyTerryLabeller(1, 11);
    long first =
        IntStream.range(0, 10_000).filter(k -> labeller.prefersFirst(Math.log(3), 0, k)).count();
    assertThat(first).isBetween(7500L - 5 * 43, 7500L + 5 * 43);
  }

  @Test
  void sameKeyIsLabelledTheSame() {
    var one = new BradleyTerryLabeller(1, 11);
    var same = new BradleyTerryLabeller(1, 11);
    assertThat(IntStream.range(0, 100))
        .allMatch(k -> one.prefersFirst(0, 0, k) == same.prefersFirst(0, 0, k));
  }

  @Test
  void temperatureZeroIsNoiseFree() {
    var labeller = new BradleyTerryLabeller(0, 1);
    assertThat(labeller.probability(0.1, 0)).isEqualTo(1);
    assertThat(labeller.probability(0, 0.1)).isEqualTo(0);
    assertThat(labeller.probability(0.1, 0.1)).isEqualTo(0.5);
    assertThat(labeller.prefersFirst(1, 2, 0)).isFalse();
    assertThat(labeller.prefersFirst(2, 1, 0)).isTrue();
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new BradleyTerryLabeller(-1, 0))
        .hasMessage("label temperature: -1.0 (expected: >= 0; 0 turns the noise off)");
    assertThatThrownBy(() -> new BradleyTerryLabeller(1, 0).prefersFirst(0, Double.NaN, 0))
        .hasMessage("score: NaN (expected: finite)");
  }
}
