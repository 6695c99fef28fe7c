package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.WeightsRef;

class IterationWatchTest {

  @TempDir Path folder;

  @Test
  void aRestartKeepsTheLinesThatAreThereAndAddsWhatIsMissing() throws IOException {
    watch(watch -> watch.learned(learned(0), false));
    List<MetricsLog.Entry> before = MetricsLog.read(file());
    assertThat(before).singleElement();
    assertThat(before.get(0).numbers()).containsKeys("length", "tokens-per-second");
    assertThat(before.get(0).numbers().get("java-heap")).isPositive();
    assertThat(before.get(0).numbers()).containsKey("open-tensors");

    // Killed between the journal's entry of iteration 1 and the log's line.
    watch(
        watch -> {
          watch.learned(learned(0), true);
          watch.learned(learned(1), true);
          watch.learned(learned(2), false);
        });

    List<MetricsLog.Entry> after = MetricsLog.read(file());
    assertThat(after).extracting(MetricsLog.Entry::step).containsExactly(0L, 1L, 2L);
    assertThat(after.get(0)).isEqualTo(before.get(0));
    assertThat(after.get(1).numbers()).containsOnlyKeys("length");
    assertThat(after.get(2).numbers()).containsKey("tokens-per-second");
  }

  private interface Use {
    void with(IterationWatch watch);
  }

  private void watch(Use use) throws IOException {
    try (MetricsLog metrics = MetricsLog.open(file());
        Progress.Stage shown = Progress.silent().begin("rto", "iterations", 3)) {
      use.with(new IterationWatch(4, metrics, file(), shown));
    }
  }

  private Path file() {
    return folder.resolve("metrics.jsonl");
  }

  private static IterationLearned learned(int iteration) {
    WeightsRef weights = new WeightsRef(iteration + 1, "0".repeat(64), 1);
    return new IterationLearned(iteration, weights, "digest", Map.of("length", 5.0));
  }
}
