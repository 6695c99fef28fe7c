package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rto.algorithm.TokenRewardVariant;
import rto.node.settings.Settings;
import rto.train.AdvantageVariant;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/** What lies in config/ to be copied. */
class PresetsTest {

  private static final Path CONFIG = SmallRun.CONFIG.getParent();

  @TempDir Path temp;

  static List<Path> presets() throws IOException {
    try (Stream<Path> files = Files.list(CONFIG)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetSaysHowItIsRunAndCanBe(Path preset) {
    boolean compares = text(preset).contains("\ncompare {");
    assertThat(text(preset))
        .contains("rto " + (compares ? "compare" : "train") + " config/" + preset.getFileName());
    assertThat(load(preset).rto().iterations()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "quickstart,    RTO,      GAE",
    "semi-rto,      SEMI_RTO, GAE",
    "ddpo,          DDPO,     GAE",
    "rs-ppo,        RS_PPO,   GAE",
    "ppo,           PPO,      GAE",
    "rto-no-critic, RTO,      RETURN_TO_GO",
    "ppo-no-critic, PPO,      RETURN_TO_GO"
  })
  void aVariantDiffersFromTheQuickstartInItsNameOnly(
      String name, TokenRewardVariant reward, AdvantageVariant advantage) {
    Path preset = CONFIG.resolve(name + ".conf");
    RunSettings settings = Settings.load(preset, List.of(), RunSettings.class);
    assertThat(settings.rto().tokenReward()).isEqualTo(reward);
    assertThat(settings.rto().advantage()).isEqualTo(advantage);
    assertThatCode(() -> SettingsCheck.require(settings, new RunFolder(temp.resolve("run"))))
        .doesNotThrowAnyException();

    RunSettings plain =
        Settings.load(
            preset, List.of("rto.token-reward=rto", "rto.advantage=gae"), RunSettings.class);
    assertThat(plain).isEqualTo(Settings.load(SmallRun.CONFIG, List.of(), RunSettings.class));
  }

  @Test
  void everyTokenRewardAndAdvantageHasAPreset() throws IOException {
    List<RtoSettings> all =
        presets().stream().map(PresetsTest::load).map(RunSettings::rto).toList();
    assertThat(all).extracting(RtoSettings::tokenReward).contains(TokenRewardVariant.values());
    assertThat(all).extracting(RtoSettings::advantage).contains(AdvantageVariant.values());
  }

  private static RunSettings load(Path preset) {
    boolean checkpoint = text(preset).contains("model.path=");
    List<String> overrides = checkpoint ? List.of("model.path=somewhere") : List.of();
    return Settings.loadBeside("compare", preset, overrides, RunSettings.class);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
