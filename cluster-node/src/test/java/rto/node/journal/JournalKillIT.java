package rto.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.Packaged;

/** A journal that is killed again and again opens each time and has lost nothing acknowledged. */
class JournalKillIT {

  private static final int KILLS = 12;
  private static final int WRITTEN_BEFORE_A_KILL = 60;

  @TempDir private Path folder;

  @Test
  void killedJournalOpensAgainWithAllThatWasAcknowledged() throws IOException {
    long acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process writer = start();
      try (BufferedReader out = writer.inputReader()) {
        String first = out.readLine();
        assertThat(first).as("after %s kills", kill).startsWith("START ");
        assertThat(Long.parseLong(first.substring("START ".length())))
            .as("after %s kills", kill)
            .isGreaterThanOrEqualTo(acknowledged);
        for (int i = 0; i < WRITTEN_BEFORE_A_KILL + 7 * kill; i++) {
          acknowledged = Long.parseLong(out.readLine());
        }
      } finally {
        writer.destroyForcibly().onExit().join();
      }
    }
    assertThat(acknowledged).isGreaterThan(KILLS * WRITTEN_BEFORE_A_KILL - 1L);
  }

  private Process start() throws IOException {
    List<String> command = Packaged.java("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    command.addAll(List.of(JournalWriter.class.getName(), folder.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
