package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison in processes of its own that are killed. */
class CompareKillIT {

  @TempDir Path temp;

  @Test
  void killedComparisonGoesOnAndEndsAsIfUndisturbed() throws Exception {
    Path undisturbed = temp.resolve("undisturbed");
    Path killed = temp.resolve("killed");
    end(undisturbed);

    // In the shared stages of both seeds, and while an arm trains.
    killWhenThere(killed, "shared/seed-1/base");
    killWhenThere(killed, "runs/seed-1/rto/metrics.jsonl");
    String said = end(killed);

    assertThat(said).contains("arm", "minus ppo", "2 seeds");
    assertThat(withoutSeconds(killed)).isEqualTo(withoutSeconds(undisturbed));
    try (Stream<Path> all = Files.walk(killed)) {
      assertThat(all).noneMatch(path -> path.toString().endsWith(".new"));
    }
  }

  private void killWhenThere(Path folder, String part) throws Exception {
    try (Child child = Child.quiet(command(folder))) {
      while (child.isAlive() && !Files.exists(folder.resolve(part))) {
        Thread.sleep(5);
      }
      child.kill();
    }
    assertThat(folder.resolve(part)).exists();
    assertThat(folder.resolve("compare.json")).doesNotExist();
  }

  private String end(Path folder) throws Exception {
    try (Child child = Child.quiet(command(folder))) {
      assertThat(child.ended()).as(child.said()).isZero();
      return child.said();
    }
  }

  private List<String> command(Path folder) throws IOException {
    Path file = temp.resolve("compare.conf");
    Files.writeString(
        file,
        """
        include file("%s")
        compare {
          seeds = 2
          curve { every = 2, prompts = 16 }
          arms = [
            { name = ppo, trains = policy, set = ["rto.token-reward=ppo"], tune = [] }
            { name = rto, trains = policy, set = [], tune = [] }
          ]
        }
        """
            .formatted(SmallRun.CONFIG.toAbsolutePath()));
    return Stream.concat(
            Stream.of("compare", file.toString(), "--out", folder.toString()),
            SmallRun.overrides("data.corpus=600", "preferences.pairs=100", "rto.iterations=4")
                .stream())
        .toList();
  }

  private static String withoutSeconds(Path folder) throws IOException {
    return Files.readString(folder.resolve("compare.json"))
        .replaceAll("\"seconds\" : [0-9.E-]+", "")
        .replaceAll("\"title\".*", "");
  }
}
