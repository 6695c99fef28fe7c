package rto.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands have in common. */
class RtoCommandTest extends CommandLineFixture {

  @Test
  void aMisspelledCommandOrOptionIsAnsweredWithTheNearestOne() {
    assertThat(rto("quikstart")).isEqualTo(2);
    assertThat(err.toString()).contains("quickstart", "Try: rto --help");
    assertThat(rto("generate", "--modle", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("Try: rto generate --help");
    assertThat(operations.asked).isNull();
  }

  @Test
  void valuesOutOfRangeAreMistakesOfUse() {
    assertThat(
            rto("generate", "--model", folder.toString(), "--prompt", "x", "--temperature", "-1"))
        .isEqualTo(2);
    assertThat(rto("train", file.toString(), "learning-rate")).isEqualTo(2);
    assertThat(rto("train", "none.conf")).isEqualTo(2);
    assertThat(err.toString())
        .contains("temperature: -1.0 (expected: >= 0)")
        .contains("override: learning-rate (expected: key=value)")
        .contains("config: none.conf (expected: an existing file)");
  }

  @Test
  void aloneItPrintsItsHelpAndStatusTwo() {
    assertThat(rto()).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: rto", "quickstart");
  }

  @Test
  void helpListsEveryCommand() {
    assertThat(rto("--help")).isZero();
    assertThat(out.toString())
        .contains("quickstart", "train", "resume", "generate", "evaluate", "preferences", "theory")
        .contains("--version", "--debug", "Exit status:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "train",
        "resume",
        "generate",
        "evaluate",
        "preferences",
        "theory",
        "bench"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    assertThat(rto(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: rto " + command, "Example: rto " + command);
  }

  @Test
  void theVersionIsTold() {
    assertThat(rto("--version")).isZero();
    assertThat(out.toString()).startsWith("rto ");
  }
}
