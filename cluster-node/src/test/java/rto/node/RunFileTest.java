package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.train.DataSource;
import rto.train.ModelSource;
import rto.train.RunSettings;

class RunFileTest {

  private static final Path HERE = Path.of("").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void pathsAreAbsoluteHoweverTheyAreSpelled() throws IOException {
    RunSettings settings = load("models/../m/", "./p.jsonl");

    assertThat(settings.model()).isEqualTo(new ModelSource.Checkpoint(HERE.resolve("m")));
    assertThat(settings.data())
        .isEqualTo(
            new DataSource.Files(
                HERE.resolve("p.jsonl"),
                HERE.resolve("h.jsonl"),
                Optional.empty(),
                Optional.of(HERE.resolve("pairs.jsonl"))));
    assertThat(load(HERE.resolve("m").toString(), "p.jsonl")).isEqualTo(settings);
  }

  private RunSettings load(String model, String prompts) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("run.conf"),
            """
            model { type = checkpoint }
            data { type = files, held-out-file = h.jsonl, preferences-file = pairs.jsonl }
            preferences.gold = sentiment
            """);
    return RunFile.load(file, List.of("model.path=" + model, "data.prompts-file=" + prompts));
  }
}
