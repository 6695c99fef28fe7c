package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own, stuck in the middle of its iteration 2. */
class ProcessTest {

  @TempDir Path folder;
  @TempDir Path undisturbed;
  private Process child;

  @BeforeEach
  void startAndWaitUntilStuck() throws IOException {
    child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChildRun.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Reads no further than the line: the stream ends only with the child.
    assertThat(child.inputReader().lines().anyMatch(ChildRun.STUCK::equals)).isTrue();
  }

  @AfterEach
  void end() {
    child.destroyForcibly();
  }

  @Test
  void folderThatAnotherProcessWorksInIsRefused() {
    assertThatThrownBy(() -> start(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("journal is open in another process");
  }

  @Test
  void sigtermLeavesWithinSecondsAlthoughComputeIsStuckAndTheRunContinues() throws Exception {
    String expected = digest(undisturbed);

    child.destroy();

    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(digest(folder)).isEqualTo(expected);
  }

  @Test
  void killedRunContinuesWithTheSameDigest() throws Exception {
    String expected = digest(undisturbed);

    child.destroyForcibly().waitFor();

    assertThat(digest(folder)).isEqualTo(expected);
  }

  private static String digest(Path folder) throws Exception {
    return start(folder).result().toCompletableFuture().get(30, TimeUnit.SECONDS).digest();
  }

  private static ClusterRun start(Path folder) {
    var parts =
        HashingEngines.parts(
            ChildRun.plan(),
            HashingEngines.Learner.emptyDisk(),
            new HashingEngines.Policy(),
            new ChildRun.Silent());
    return ClusterRun.start(NodeOptions.oneJvm(folder), parts);
  }
}
