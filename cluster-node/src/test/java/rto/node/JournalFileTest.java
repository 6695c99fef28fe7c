package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.journal.JournalSettings.H2File;
import rto.node.journal.JournalSettings.H2Server;
import rto.node.journal.JournalSettings.Postgres;
import rto.node.settings.ConfigMistakes;

/** One line of config chooses the journal. */
class JournalFileTest {

  private static final String URL = "jdbc:postgresql://db:5432/rto";

  @TempDir private Path folder;

  @Test
  void journalIsAFileIfNothingIsSaid() {
    assertThat(JournalFile.load(Optional.empty(), List.of())).isEqualTo(new H2File());
  }

  @Test
  void oneWordOnTheCommandLineChooses() {
    assertThat(JournalFile.load(Optional.empty(), List.of("journal.type=h2-server")))
        .isEqualTo(new H2Server("127.0.0.1", 9123));
  }

  @Test
  void oneLineOfAFileChooses() throws Exception {
    Path file = folder.resolve("node.conf");
    Files.writeString(file, "journal { type = postgres, url = \"" + URL + "\" }\nother = 1\n");
    assertThat(JournalFile.load(Optional.of(file), List.of())).isEqualTo(new Postgres(URL, "rto"));
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(
            () ->
                JournalFile.load(
                    Optional.empty(), List.of("journal.type=postgres", "journal.url=mysql://x")))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining(
            "journal.url: mysql://x (expected: jdbc:postgresql://HOST:PORT/DATABASE)");
    assertThatThrownBy(() -> JournalFile.load(Optional.empty(), List.of("journal.type=h2")))
        .hasMessageContaining(
            "journal.type: \"h2\" (expected: one of h2-file, h2-server, postgres)");
  }
}
