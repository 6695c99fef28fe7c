package rto.node.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.settings.Settings;
import rto.train.RunSettings;

class ProvenanceTest {

  private static final String FILES =
      "data { type = files, prompts-file = a, held-out-file = b, demonstrations-file = off,"
          + " preferences-file = %s }\n"
          + "model { type = checkpoint, path = m }\npreferences.gold = sentiment\n";

  @TempDir Path folder;

  @Test
  void aMicroWorldIsOneOfEachSeed() {
    RunSettings run = load(Path.of("../config/quickstart.conf"));

    assertThat(Provenance.ofSeeds(run))
        .isEqualTo(
            "Each seed trains a first model of its own. Texts and prompts are those of a"
                + " micro-world of its own. Each seed samples and labels preferences anew; reward"
                + " model and DPO model are its own.");
    assertThat(Provenance.ofGold(run, true))
        .endsWith("directly; it labelled the preferences and chose among the candidates.");
    assertThat(Provenance.ofGold(run, false)).endsWith("directly; it labelled the preferences.");
  }

  @Test
  void openingsOfOneCheckpointMayCoincide() {
    assertThat(
            Provenance.ofSeeds(load(Path.of("../config/stories260k.conf"), "model.path=somewhere")))
        .contains("The first model is the same checkpoint in every seed.")
        .contains("some may come up in several seeds, those for tuning included.");
  }

  @Test
  void whatStandsInFilesIsNotDrawnAnew() throws IOException {
    RunSettings prompts = written("off");
    RunSettings pairs = written("c");

    assertThat(Provenance.ofSeeds(prompts))
        .contains("Prompts, those that judge too, are the files' in every seed.")
        .contains("Each seed samples and labels preferences anew;");
    assertThat(Provenance.ofSeeds(pairs)).contains("The preferences are the file's in every seed;");
    assertThat(Provenance.ofGold(pairs, false)).endsWith("No model sees it directly.");
    assertThat(Provenance.ofGold(pairs, true)).endsWith("; it chose among the candidates.");
  }

  private RunSettings written(String preferences) throws IOException {
    Path file = folder.resolve("run.conf");
    Files.writeString(file, FILES.formatted(preferences));
    return load(file);
  }

  private static RunSettings load(Path file, String... overrides) {
    return Settings.load(file, List.of(overrides), RunSettings.class);
  }
}
