package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.settings.Settings;
import rto.train.RunFolder;
import rto.train.RunSettings;

class FolderClaimTest {

  @TempDir Path temp;

  @Test
  void newFolderIsMadeAndHoldsTheSettings() throws Exception {
    RunFolder folder = new RunFolder(temp.resolve("runs/mine"));

    assertThat(isTaken(folder, settings())).isTrue();

    assertThat(Settings.load(folder.config(), List.of(), RunSettings.class).identity())
        .isEqualTo(settings().identity());
  }

  @Test
  void killBeforeTheSettingsWereWrittenDoesNotMakeTheFolderForeign() throws Exception {
    Files.createFile(temp.resolve("lock"));
    Files.writeString(temp.resolve("config.json.new"), "{ \"seed\" :");

    assertThat(isTaken(new RunFolder(temp), settings())).isTrue();
  }

  @Test
  void theSameRunOnAnotherMachineIsTheSameRun() throws Exception {
    RunFolder folder = new RunFolder(temp);
    isTaken(folder, settings());

    assertThat(isTaken(folder, settings("resources.rollout-workers=7"))).isTrue();
  }

  @Test
  void folderOfAnotherRunIsNotEvenLocked() throws Exception {
    RunFolder folder = new RunFolder(temp);
    isTaken(folder, settings());
    Files.delete(temp.resolve("lock"));

    assertThatThrownBy(() -> isTaken(folder, settings("rto.gamma=0.5")))
        .hasMessageContaining("\"gamma\" : 1.0 there, now \"gamma\" : 0.5");

    assertThat(temp.resolve("lock")).doesNotExist();
  }

  @Test
  void folderIsFreeAgainWhenTheWorkFailed() throws Exception {
    RunFolder folder = new RunFolder(temp);
    assertThatThrownBy(
            () ->
                FolderClaim.holding(
                    folder,
                    settings(),
                    () -> {
                      throw new IllegalStateException("work");
                    }))
        .hasMessage("work");

    assertThat(isTaken(folder, settings())).isTrue();
  }

  private static RunSettings settings(String... overrides) {
    return Settings.load(SmallRun.CONFIG, SmallRun.overrides(overrides), RunSettings.class);
  }

  private static boolean isTaken(RunFolder folder, RunSettings settings) throws Exception {
    boolean[] worked = {false};
    FolderClaim.holding(folder, settings, () -> worked[0] = true);
    return worked[0];
  }
}
