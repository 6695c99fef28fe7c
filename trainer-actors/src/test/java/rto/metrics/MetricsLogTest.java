package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.MetricsLog.Entry;

class MetricsLogTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void anEntryIsOneLineOfJsonWithSortedNumbers() throws IOException {
    try (var log = MetricsLog.open(file)) {
      log.append(new Entry("rto", 3, Map.of("reward", 1.5, "kl", 0.25)));
    }

    assertThat(file).hasContent("{\"stage\":\"rto\",\"step\":3,\"kl\":0.25,\"reward\":1.5}\n");
    assertThat(MetricsLog.read(file))
        .containsExactly(new Entry("rto", 3, Map.of("kl", 0.25, "reward", 1.5)));
  }

  @Test
  void aHalfWrittenLastLineIsCutOffAndWrittenAgain() throws IOException {
    appendSteps("rto", 0, 2);
    Files.writeString(file, "{\"stage\":\"rto\",\"st", StandardOpenOption.APPEND);

    assertThat(MetricsLog.read(file)).extracting(Entry::step).containsExactly(0L, 1L);
    appendSteps("rto", 2, 3);

    assertThat(MetricsLog.read(file)).extracting(Entry::step).containsExactly(0L, 1L, 2L);
  }

  @Test
  void aResumedStageLeavesNothingTwiceAndOtherStagesAlone() throws IOException {
    appendSteps("sft", 0, 5);
    appendSteps("rto", 0, 4);
    try (var log = MetricsLog.open(file)) {
      log.dropFrom("rto", 2);
      log.append(new Entry("rto", 2, Map.of()));
    }

    assertThat(MetricsLog.read(file))
        .filteredOn(e -> e.stage().equals("rto"))
        .extracting(Entry::step)
        .containsExactly(0L, 1L, 2L);
    assertThat(MetricsLog.read(file)).filteredOn(e -> e.stage().equals("sft")).hasSize(5);
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aNumberThatIsNoneIsNullInTheFile() throws IOException {
    try (var log = MetricsLog.open(file)) {
      log.append(new Entry("rto", 0, Map.of("kl", Double.NaN)));
    }

    assertThat(file).content().contains("\"kl\":null");
    assertThat(MetricsLog.read(file).get(0).numbers().get("kl")).isNaN();
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    appendSteps("rto", 0, 1);
    Files.writeString(file, "[1]\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> MetricsLog.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("metrics.jsonl:2: not an entry");
  }

  @Test
  void noFileHasNoEntries() throws IOException {
    assertThat(MetricsLog.read(file)).isEmpty();
  }

  private void appendSteps(String stage, long from, long to) throws IOException {
    try (var log = MetricsLog.open(file)) {
      for (long step : LongStream.range(from, to).toArray()) {
        log.append(new Entry(stage, step, Map.of("loss", 1.0 / (step + 1))));
      }
    }
  }
}
