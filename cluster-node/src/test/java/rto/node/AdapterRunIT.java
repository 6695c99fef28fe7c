package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with adapters, by several processes that are killed and by one that goes on with it. */
class AdapterRunIT {

  private static final long PATIENCE_SECONDS = 100;

  @TempDir Path temp;

  @Test
  void clusterThatIsKilledAndOneProcessEndWithTheDigestOfOneUndisturbed() throws Exception {
    Path undisturbed = temp.resolve("undisturbed");
    try (Child child = Child.rto(command("train", undisturbed))) {
      assertThat(child.ended()).as(child.said()).isZero();
    }
    Path folder = temp.resolve("run");
    try (Child local = Child.rto(command("local", folder))) {
      awaitSecondIteration(local);
      local.kill();
    }
    try (Child resumed = Child.rto(List.of("resume", folder.toString()))) {
      assertThat(resumed.ended()).as(resumed.said()).isZero();
    }
    assertThat(digest(folder)).isEqualTo(digest(undisturbed));
    assertThat(folder.resolve("rto/adapter_model.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("rto/adapter_model.safetensors"));
    assertThat(folder.resolve("rto/model.safetensors")).doesNotExist();
  }

  private static List<String> command(String name, Path out) {
    Stream<String> command = Stream.of(name, SmallRun.CONFIG.toString(), "--out", out.toString());
    List<String> settings =
        SmallRun.overrides(
            "lora={rank=4,alpha=8,target-modules=[q_proj,v_proj,down_proj],dropout=0.1}",
            "data.corpus=500",
            "preferences.pairs=100",
            "rto.iterations=4",
            "rto.prompts-per-iteration=16",
            "rto.prompts-per-task=8",
            "evaluation-prompts=8");
    return Stream.concat(command, settings.stream()).toList();
  }

  private static void awaitSecondIteration(Child local) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000;
    while (local.err().stream().noneMatch(line -> line.contains("iteration 2 of"))) {
      assertThat(local.isAlive()).as(local.said()).isTrue();
      assertThat(System.nanoTime()).as(local.said()).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static String digest(Path folder) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("result.json").toFile())
        .get("digest")
        .asText();
  }
}
