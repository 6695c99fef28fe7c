package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static rto.node.SmallComparison.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.Progress;
import rto.node.settings.ConfigMistakes;

/** Comparisons whose arms go wrong, cannot run, or are edited. */
class CompareArmsTest {

  @TempDir Path temp;

  @Test
  void aRunThatDivergesIsToldAndTheOthersGoOn() throws Exception {
    Path folder = temp.resolve("diverged");
    Path wild = temp.resolve("wild.conf");
    Files.writeString(
        wild,
        """
        include file("%s")
        compare {
          seeds = 1
          curve { every = 1, prompts = 16 }
          arms = [
            { name = wild, trains = policy, set = ["rto.policy-learning-rate=1e30"], tune = [] }
            { name = ppo, trains = policy, set = ["rto.token-reward=ppo"], tune = [] }
          ]
        }
        """
            .formatted(SmallRun.CONFIG.toAbsolutePath()));

    compare(wild, folder, 1, Progress.silent());
    compare(wild, folder, 1, Progress.silent());

    assertThat(folder.resolve("compare.md"))
        .content()
        .contains("| wild, diverged (1 of 1 seeds) |");
    assertThat(folder.resolve("runs/seed-1/wild/outcome.json"))
        .content()
        .contains("(expected: ", "\"gold\":\"NaN\"");
    assertThat(folder.resolve("runs/seed-1/ppo/outcome.json")).content().contains("\"digest\":\"");
  }

  @Test
  void anArmThatCannotRunInItsWorldIsNamedBeforeAnythingIsMade() throws Exception {
    Path folder = temp.resolve("none");
    Path wrong = temp.resolve("wrong.conf");
    Files.writeString(
        wrong,
        """
        include file("%s")
        compare.curve.prompts = 16
        compare.arms = [
          { name = ppo, trains = policy, set = ["rto.token-reward=ppo"], tune = [] }
          { name = semi, trains = policy, tune = []
            set = ["rto.token-reward=semi-rto", "rto.reward.delimiters={type=tokens,tokens=[zzz]}"] }
        ]
        """
            .formatted(SmallRun.CONFIG.toAbsolutePath()));

    assertThatThrownBy(() -> compare(wrong, folder, 1, Progress.silent()))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageStartingWith("compare.arms: semi: rto.reward.delimiters.tokens: ");
    assertThat(folder).doesNotExist();
  }

  @Test
  void anArmWhoseOutcomeWasDeletedIsTrainedWithItsSettingsOfNow() throws Exception {
    Path folder = temp.resolve("edited");
    Path edited = temp.resolve("edited.conf");
    String one = "{ name = dpo, trains = preference, tune = [], set = [\"dpo.learning-rate=%s\"] }";
    String comparison =
        """
        include file("%s")
        compare { seeds = 1, baseline = dpo, curve { every = 1, prompts = 16 }, arms = [ %s ] }
        """;
    Path config = SmallRun.CONFIG.toAbsolutePath();
    Files.writeString(edited, comparison.formatted(config, one.formatted("1e-3")));
    compare(edited, folder, 2, Progress.silent());
    Path model = folder.resolve("runs/seed-1/dpo/model/SHA256SUMS");
    String before = Files.readString(model);

    Files.writeString(edited, comparison.formatted(config, one.formatted("1e-2")));
    assertThatThrownBy(() -> compare(edited, folder, 2, Progress.silent()))
        .hasMessageContaining("made with other settings");
    Files.delete(folder.resolve("runs/seed-1/dpo/outcome.json"));
    compare(edited, folder, 2, Progress.silent());

    assertThat(model).content().isNotEqualTo(before);
  }
}
