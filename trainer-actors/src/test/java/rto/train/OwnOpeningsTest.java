package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.DpoLoss;
import rto.checkpoint.WholeFolder;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.world.WordTokenizerFiles;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.tensor.ComputePool;

/** The stages of a run that begins with a checkpoint and has no prompts but the model's own. */
class OwnOpeningsTest {

  @TempDir Path temp;
  private RunFolder run;

  @BeforeEach
  void start() throws IOException {
    Path model = Tiny.saved(Tiny.untrained(5), temp.resolve("model"));
    WordTokenizerFiles.write(model, List.of("a", "b", "c", "d", "happy", "sad", "g", ".", "!"));
    run = new RunFolder(Files.createDirectory(temp.resolve("run")));
    runStages(1);
  }

  @Test
  void laterStagesReadThePromptsThatTheModelWrote() throws IOException {
    RunPrompts prompts = RunPrompts.read(run);
    assertThat(prompts.train()).hasSize(12).doesNotContainAnyElementsOf(prompts.heldOut());
    assertThat(prompts.heldOut()).hasSize(4);
    List<String> asked =
        Stream.of("train.jsonl", "held-out.jsonl")
            .map(file -> PreferenceDataset.read(run.preferences().resolve(file)))
            .flatMap(pairs -> pairs.examples().stream())
            .map(Preference::prompt)
            .toList();
    assertThat(asked).isNotEmpty();
    assertThat(prompts.train()).containsAll(asked);
  }

  @Test
  void whatACrashLeftOfThemIsWrittenTheSameAgain() throws IOException {
    RunPrompts prompts = RunPrompts.read(run);
    String dpo = Files.readString(run.dpo().resolve("SHA256SUMS"));
    for (Path made : List.of(run.prompts(), run.preferences(), run.rewardModel(), run.dpo())) {
      WholeFolder.delete(made);
    }
    Path part = Files.createDirectory(run.root().resolve("prompts.part"));
    Files.writeString(part.resolve("train.jsonl"), "{\"prompt\": \"a");
    runStages(2);
    assertThat(RunPrompts.read(run)).isEqualTo(prompts);
    assertThat(run.dpo().resolve("SHA256SUMS")).hasContent(dpo);
  }

  private void runStages(int threads) throws IOException {
    StageSettings once = new StageSettings(1, 8, 4, 1e-3);
    RunSettings settings =
        new RunSettings(
            1,
            1,
            new ModelSource.Checkpoint(temp.resolve("model")),
            Optional.empty(),
            new DataSource.Openings(12, 4, 8),
            Optional.empty(),
            new PreferenceDataSettings(24, 0.25, 0.5, "sentiment"),
            RewardModelSettings.trained(once),
            new DpoLoss(0.1, 0),
            once,
            Tiny.rto(1, 1, 12, 4, 1e-3),
            Tiny.adam(),
            4,
            new Resources(1, 1, List.of("cpu"), 3, Duration.ofMinutes(5)));
    try (ComputePool pool = new ComputePool("test", threads);
        MetricsLog metrics = MetricsLog.open(run.metrics())) {
      new Stages(settings, run, pool, Progress.silent(), metrics).run();
    }
  }
}
