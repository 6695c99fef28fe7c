package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.Progress;
import rto.node.settings.Settings;
import rto.train.RunFolder;
import rto.train.RunSettings;

class TrainingPipelineTest {

  @TempDir Path temp;

  @Test
  void aFinishedRunTellsItsTableAgainAndMakesNothing() throws Exception {
    RunFolder folder = new RunFolder(temp.resolve("run"));
    Path config = Path.of("../config/quickstart.conf");
    RunSettings settings = Settings.load(config, List.of(), RunSettings.class);
    FolderClaim.holding(
        folder,
        settings,
        () ->
            Files.writeString(
                folder.result(),
                """
                {"seed": 1, "seconds": 61.2, "digest": "d16e", "trajectories": 512,
                 "stages": {"base": {"goldReward": 0.2, "ci95": 0.03, "winRate": 0.5, "kl": 0,
                                     "length": 31.44}}}
                """));
    var printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    new TrainingPipeline("title", settings, folder, Progress.silent(), out).run();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("finished")
        .contains("base        0.200 ± 0.030          50 %     0.000    31.4")
        .contains("512 trajectories in 61 s", "digest  d16e", "report  " + folder.report())
        .doesNotContain("{");
    assertThat(folder.base()).doesNotExist();
  }
}
