package rto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void theMiddleOneOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Spread.of(5, 1, 2)).isEqualTo(new Spread(2, 1, 5));
    assertThat(Spread.of(5, 1, 2, 3)).isEqualTo(new Spread(2.5, 1, 5));
  }

  @Test
  void theFastestRunHasTheHighestRate() {
    assertThat(Spread.of(1, 2, 4).map(seconds -> 8 / seconds)).isEqualTo(new Spread(4, 2, 8));
  }

  @Test
  void nothingMeasuredIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(Spread::of).withMessageContaining("none");
  }
}
