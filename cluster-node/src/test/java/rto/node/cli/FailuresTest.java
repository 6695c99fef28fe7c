package rto.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import rto.node.settings.ConfigMistakes;

/** What people read when a command that was understood fails. */
class FailuresTest {

  private final RecordedOperations operations = new RecordedOperations();
  private final StringWriter err = new StringWriter();

  @Test
  void aFailureIsOneLineAndStatusOne() {
    operations.failure = new IllegalStateException("the journal is locked by another run");

    assertThat(rto("quickstart")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("rto: the journal is locked by another run (--debug tells more)");
  }

  @Test
  void ofLibtorchsManyLinesTheOneThatSaysWhatIsWrongIsTold() {
    operations.failure =
        new IllegalStateException(
            """
            learn iteration 3: The following operation failed in the TorchScript interpreter.
            Traceback of TorchScript, serialized code (most recent call last):
              File "code/__torch__.py", line 12, in output
                x = torch.linear(x, w)
                    ~~~~~~~~~~~~ <--- HERE
            RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)
            """);

    assertThat(rto("quickstart")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo(
            "rto: learn iteration 3: mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)"
                + " (--debug tells more)");
  }

  @Test
  void ofOtherManyLinesTheFirstIsTold() {
    operations.failure =
        new CompletionException(
            new IllegalStateException("\n[enforce fail] can't allocate memory\nframe #0: c10\n"));

    assertThat(rto("quickstart")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("rto: [enforce fail] can't allocate memory (--debug tells more)");
  }

  @Test
  void aLackOfMemoryIsAFailureLikeAnyOther() {
    operations.failure = new OutOfMemoryError("Java heap space");

    assertThat(rto("quickstart")).isEqualTo(1);
    assertThat(err.toString().strip())
        .startsWith("rto: out of memory: Java heap space")
        .endsWith("(--debug tells more)")
        .doesNotContain("\n");
  }

  @Test
  void debugTellsTheStackTraceBeforeOrAfterTheCommand() {
    operations.failure = new NoSuchFileException("config.json");

    assertThat(rto("quickstart", "--debug")).isEqualTo(1);
    assertThat(rto("-X", "quickstart")).isEqualTo(1);
    assertThat(err.toString().split("\tat rto.node.cli.FailuresTest.debugTells", -1)).hasSize(3);
    assertThat(err.toString()).contains("rto: config.json: no such file or folder");
  }

  @Test
  void mistakesInTheSettingsAreAllToldWithStatusTwo() {
    operations.failure = new ConfigMistakes(List.of("a: missing (expected: b)", "c: 1"));

    assertThat(rto("quickstart")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("rto: 2 mistakes in the settings", "  a: missing (expected: b)", "  c: 1");
  }

  private int rto(String... args) {
    return RtoCommand.create(operations).setErr(new PrintWriter(err, true)).execute(args);
  }
}
