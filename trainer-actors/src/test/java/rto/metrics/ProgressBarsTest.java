package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
  private long seconds;

  @Test
  void aLineTellsTheStageTheNumbersTheRateAndTheTimeLeft() {
    var progress = ProgressBars.lines(out, Duration.ZERO, this::nanoTime);
    try (var stage = progress.begin("rto", "iterations", 20)) {
      seconds = 10;
      // 1 of 20 in 10 s: 19 × 10 s = 3:10 left; numbers in the glossary's order
      stage.step(
          1, Map.of("length", 31.25, "kl", 0.0412, "reward", 1.5, "tokens-per-second", 3412.4));
    }

    assertThat(lines())
        .containsExactly(
            "rto 1/20 iterations (5 %)  reward 1.50  KL 0.041  length 31.3  3,412 tokens/s"
                + "  3:10 left");
  }

  @Test
  void whatIsInWorkStandsBeforeTheNumbers() {
    var progress = ProgressBars.lines(out, Duration.ZERO, this::nanoTime);
    try (var stage = progress.begin("compare", "runs", 4)) {
      seconds = 2;
      stage.doing("ppo of seed 1");
      stage.step(1, Map.of());
    }

    assertThat(lines())
        .containsExactly("compare 1/4 runs (25 %)  ppo of seed 1  0.500 runs/s  0:06 left");
  }

  @Test
  void withoutATerminalLinesAreFewButTheFirstAndTheLastAreTold() {
    var progress = ProgressBars.lines(out, Duration.ofSeconds(5), this::nanoTime);
    try (var stage = progress.begin("sft", "steps", 12)) {
      for (int step = 1; step <= 12; step++) {
        seconds = step;
        stage.step(step, Map.of("loss", 2.0));
      }
    }

    assertThat(lines())
        .containsExactly(
            "sft 1/12 steps (8 %)  loss 2.00  1.00 steps/s  0:11 left",
            "sft 6/12 steps (50 %)  loss 2.00  1.00 steps/s  0:06 left",
            "sft 11/12 steps (91 %)  loss 2.00  1.00 steps/s  0:01 left",
            "sft 12/12 steps (100 %)  loss 2.00  1.00 steps/s");
  }

  @Test
  void aResumedLoopIsTimedFromWhereItWentOn() {
    var progress = ProgressBars.lines(out, Duration.ZERO, this::nanoTime);
    try (var stage = progress.begin("rto", "iterations", 20)) {
      stage.step(10, Map.of());
      seconds = 4;
      stage.step(12, Map.of()); // 2 in 4 s, 8 more: 16 s
    }

    assertThat(lines())
        .containsExactly(
            "rto 10/20 iterations (50 %)",
            "rto 12/20 iterations (60 %)  0.500 iterations/s  0:16 left");
  }

  @Test
  void onATerminalTheBarEndsFull() {
    try (var stage = ProgressBars.bars(out).begin("dpo", "steps", 3)) {
      stage.step(3, Map.of("accuracy", 0.75));
    }

    assertThat(written.toString(StandardCharsets.UTF_8)).contains("dpo 100% ██████", "3/3 steps");
  }

  @Test
  void aNarrowTerminalLosesTheUnitThenTheBarThenTheEnd() {
    assertThat(layout(60))
        .isEqualTo("rto  50% ███████▌        9/18 iterations  KL 0.04  0:12 left");
    assertThat(layout(40)).isEqualTo("rto  50% ███    9/18  KL 0.04  0:12 left");
    assertThat(layout(36)).isEqualTo("rto  50% 9/18  KL 0.04  0:12 left");
    assertThat(layout(20)).isEqualTo("rto  50% 9/18  KL 0.");
  }

  private static String layout(int width) {
    return DrawnBar.layout("rto", 9, 18, "iterations", "KL 0.04", "  0:12 left", width);
  }

  @Test
  void numbersKeepTheDigitsThatMatter() {
    assertThat(NumberText.of(12345.6)).isEqualTo("12,346");
    assertThat(NumberText.of(-12.34)).isEqualTo("-12.3");
    assertThat(NumberText.of(0)).isEqualTo("0");
    assertThat(NumberText.of(0.0000312)).isEqualTo("3.1e-05");
    assertThat(NumberText.of(Double.NaN)).isEqualTo("NaN");
    assertThat(NumberText.of(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
  }

  private long nanoTime() {
    return Duration.ofSeconds(seconds).toNanos();
  }

  private String[] lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toArray(String[]::new);
  }
}
