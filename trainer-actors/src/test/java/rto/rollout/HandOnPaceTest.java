package rto.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HandOnPaceTest {

  private final HandOnPace pace = new HandOnPace(Duration.ofSeconds(1));

  @Test
  void waitDoublesEachTimeUpToFiveMinutes() {
    assertThat(pace.patience(0)).hasSeconds(1);
    assertThat(pace.patience(1)).hasSeconds(2);
    assertThat(pace.patience(3)).hasSeconds(8);
    assertThat(pace.patience(1000)).hasMinutes(5);
  }

  @Test
  void waitIsThreeTimesWhatItTookLately() {
    pace.accepted(Duration.ofSeconds(20));
    assertThat(pace.patience(0)).hasSeconds(60);
    assertThat(pace.patience(1)).hasSeconds(120);

    pace.accepted(Duration.ofMillis(10));
    assertThat(pace.patience(0)).hasSeconds(1);
  }
}
