package rto.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.DdpoReward;
import rto.algorithm.Delimiters;
import rto.algorithm.DpoLoss;
import rto.algorithm.IpoLoss;
import rto.algorithm.KlController;
import rto.algorithm.PpoReward;
import rto.algorithm.PreferenceLoss;
import rto.algorithm.RDpoLoss;
import rto.algorithm.RewardWeights;
import rto.algorithm.RsPpoReward;
import rto.algorithm.RtoReward;
import rto.algorithm.SemiRtoReward;
import rto.algorithm.SimPoLoss;
import rto.algorithm.Tdpo1Loss;
import rto.algorithm.Tdpo2Loss;
import rto.algorithm.TokenReward;
import rto.train.AdvantageVariant;
import rto.train.RtoSettings;
import rto.train.RunSettings;

/** Every variant of a setting over the defaults that come with the program. */
class DefaultsTest {

  private static final String DATA =
      "data { type = openings, prompts = 8, held-out = 8, max-tokens = 8 }\n";
  private static final String REST =
      "model { type = checkpoint, path = m }\npreferences.gold = sentiment\n";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = folder.resolve("run.conf");
    Files.writeString(file, DATA + REST);
  }

  @Test
  void everyPreferenceLossCanBeChosen() throws IOException {
    assertThat(load().preferenceLoss()).isEqualTo(new DpoLoss(0.1, 0));
    assertThat(load("preference-loss.type=ipo").preferenceLoss()).isEqualTo(new IpoLoss(0.1));
    assertThat(load("preference-loss.type=dpo", "preference-loss.label-smoothing=0.1"))
        .extracting(RunSettings::preferenceLoss)
        .isEqualTo(new DpoLoss(0.1, 0.1));
    assertThat(loss("r-dpo", "alpha=0.001")).isEqualTo(new RDpoLoss(0.1, 0.001));
    assertThat(loss("simpo", "beta=2.5", "gamma=0.5"))
        .isEqualTo(new SimPoLoss(2.5, OptionalDouble.of(0.5), OptionalDouble.empty()));
    assertThat(loss("simpo", "beta=2.5", "gamma-beta-ratio=0.2"))
        .isEqualTo(new SimPoLoss(2.5, OptionalDouble.empty(), OptionalDouble.of(0.2)));
    assertThat(loss("tdpo1")).isEqualTo(new Tdpo1Loss(0.1));
    assertThat(loss("tdpo2", "alpha=0.5")).isEqualTo(new Tdpo2Loss(0.1, 0.5));
  }

  @Test
  void everyPresetOfAPreferenceLossLoadsAndNoneIsMissing() {
    Set<Class<?>> chosen = new HashSet<>();
    for (String name : List.of("dpo", "ipo", "r-dpo", "simpo", "tdpo1", "tdpo2")) {
      Path preset = Path.of("..", "config", name + ".conf");
      RunSettings settings = Settings.load(preset, List.of(), RunSettings.class);
      assertThat(Keys.ofVariant(settings.preferenceLoss().getClass())).isEqualTo(name);
      assertThat(settings.evaluationPrompts()).as("of the quickstart").isEqualTo(512);
      chosen.add(settings.preferenceLoss().getClass());
    }
    assertThat(chosen).containsExactlyInAnyOrder(PreferenceLoss.class.getPermittedSubclasses());
  }

  @Test
  void whatAPreferenceLossCannotUseIsRefusedByName() {
    assertThat(problems("preference-loss.type=rdpo"))
        .containsExactly(
            "preference-loss.type: \"rdpo\" (expected: one of dpo, ipo, r-dpo, simpo, tdpo1, tdpo2)"
                + " [command line]");
    assertThat(lossProblems("tdpo2"))
        .containsExactly("preference-loss.alpha: missing (expected: a number)");
    assertThat(lossProblems("r-dpo", "alpha=-1"))
        .containsExactly("preference-loss.alpha: -1.0 (expected: >= 0) [command line]");
    assertThat(lossProblems("tdpo1", "beta=0", "alpha=1"))
        .containsExactlyInAnyOrder(
            "preference-loss.beta: 0.0 (expected: > 0) [command line]",
            "preference-loss.alpha: unknown key (expected: one of type, beta) [command line]");
    assertThat(lossProblems("simpo", "gamma=0.5"))
        .as("the default of the others does not suit it")
        .containsExactly("preference-loss.beta: missing (expected: a number)");
    assertThat(lossProblems("simpo", "beta=2.5"))
        .containsExactly(
            "preference-loss.gamma: missing (expected: either gamma or gamma-beta-ratio)");
    assertThat(lossProblems("simpo", "beta=2.5", "gamma=0.5", "gamma-beta-ratio=0.2"))
        .containsExactly(
            "preference-loss.gamma-beta-ratio: 0.2 (expected: either gamma or gamma-beta-ratio, not"
                + " both) [command line]");
    assertThat(lossProblems("simpo", "beta=2.5", "gamma-beta-ratio=-0.2"))
        .containsExactly("preference-loss.gamma-beta-ratio: -0.2 (expected: >= 0) [command line]");
  }

  @Test
  void everyKlControlCanBeChosen() throws IOException {
    assertThat(load().rto().klControl()).isEqualTo(new KlController.Fixed(0.01));
    assertThat(load("rto.kl-control={ type = adaptive, target = 6, horizon = 10000 }").rto())
        .extracting(rto -> rto.klControl())
        .isEqualTo(new KlController.Adaptive(0.01, 6, 10_000));
  }

  @Test
  void everyTokenRewardCanBeChosen() throws IOException {
    Map<String, Class<?>> rules =
        Map.of(
            "rto", RtoReward.class,
            "ppo", PpoReward.class,
            "semi-rto", SemiRtoReward.class,
            "ddpo", DdpoReward.class,
            "rs-ppo", RsPpoReward.class);
    assertThat(rules.values())
        .containsExactlyInAnyOrder(TokenReward.class.getPermittedSubclasses());
    for (var rule : rules.entrySet()) {
      RtoSettings rto = load("rto.token-reward=" + rule.getKey()).rto();
      assertThat(rto.rule(() -> List.of("."))).isExactlyInstanceOf(rule.getValue());
    }
    assertThat(load().rto().rule(List::of)).isInstanceOf(RtoReward.class);
  }

  @Test
  void everyKindOfAdvantageCanBeChosen() throws IOException {
    assertThat(load().rto().advantage()).isEqualTo(AdvantageVariant.GAE);
    assertThat(load("rto.advantage=return-to-go").rto().advantage())
        .isEqualTo(AdvantageVariant.RETURN_TO_GO);
  }

  @Test
  void aStalenessIsZeroOrOneAndZeroGoesWithoutSaying() throws IOException {
    assertThat(load().rto().staleness()).isZero();
    assertThat(load("rto.staleness=1").rto().staleness()).isEqualTo(1);
    assertThat(problems("rto.staleness=2"))
        .containsExactly(
            "rto.staleness: 2 (expected: 0, on-policy, or 1, one version behind) [command line]");
    assertThat(problems("rto.staleness=yes"))
        .containsExactly("rto.staleness: \"yes\" (expected: a whole number) [command line]");
    assertThat(Settings.render(load("rto.staleness=0")))
        .as("the text that identifies runs from before there was a staleness")
        .doesNotContain("staleness")
        .isEqualTo(Settings.render(load()));
    assertThat(Settings.differences(load(), load("rto.staleness=1")))
        .containsExactly("rto.staleness");
  }

  @Test
  void anAdapterHasDropoutIfAskedForAndNoneGoesWithoutSaying() throws IOException {
    String lora = "lora={rank=2,alpha=4,target-modules=[q_proj]";
    RunSettings none = load(lora + "}");
    assertThat(none.lora().orElseThrow().dropout()).isZero();
    assertThat(load(lora + ",dropout=0.05}").lora().orElseThrow().dropout()).isEqualTo(0.05);
    assertThat(Settings.render(load(lora + ",dropout=0}")))
        .as("the text that identifies runs from before there was dropout")
        .doesNotContain("dropout")
        .isEqualTo(Settings.render(none));
    assertThat(problems(lora + ",dropout=1}"))
        .singleElement()
        .asString()
        .contains("dropout: 1.0 (expected: 0, or in [1.0E-4, 0.9999])");
  }

  /** What travels to another node is read without the defaults. */
  @Test
  void renderedSettingsSayAllThatThereIsToSay() throws IOException {
    for (String staleness : List.of("0", "1")) {
      RunSettings sent = load("rto.staleness=" + staleness);
      assertThat(Settings.read(Settings.render(sent), List.of(), RunSettings.class))
          .isEqualTo(sent);
    }
  }

  @Test
  void delimitersAreSentenceEndsOrTokens() throws IOException {
    assertThat(load().rto().reward().delimiters()).isEqualTo(new Delimiters.SentenceEnds());
    assertThat(load("rto.reward.delimiters={type=tokens,tokens=[\".\",\"\\n\"]}").rto().reward())
        .extracting(RewardWeights::delimiters)
        .isEqualTo(new Delimiters.Tokens(List.of(".", "\n")));
    assertThat(problems("rto.reward.delimiters=[a]"))
        .singleElement()
        .asString()
        .startsWith("rto.reward.delimiters: [\"a\"] (expected: one of sentence-ends, tokens)");
    assertThat(problems("rto.reward.delimiters={type=tokens,tokens=[]}"))
        .singleElement()
        .asString()
        .startsWith("rto.reward.delimiters.tokens: none (expected: at least one, like \".\")");
  }

  @Test
  void aKeyOfAnotherVariantThatTheUserWroteIsReported() throws IOException {
    assertThat(problems("preference-loss.type=ipo", "preference-loss.label-smoothing=0.1"))
        .singleElement()
        .asString()
        .startsWith("preference-loss.label-smoothing: unknown key")
        .endsWith("[command line]");
    Files.writeString(file, DATA + REST + "preference-loss { type = ipo, label-smoothing = 0.1 }");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("preference-loss.label-smoothing: unknown key")
        .endsWith("[run.conf:4]");
  }

  @Test
  void aMistakeInTheDataIsNoMistakeInTheModel() throws IOException {
    Files.writeString(
        file,
        """
        data { type = micro-world, corpus = 9, prompts = 8, held-out = many }
        model {
          type = scratch, hidden-size = 8, feed-forward-size = 8
          layers = 1, query-heads = 1, kv-heads = 1, max-positions = 64
        }
        supervised { epochs = 1, batch-size = 2, micro-batch = 1, learning-rate = 1 }
        preferences.gold = sentiment
        """);
    assertThat(problems()).singleElement().asString().startsWith("data.held-out: \"many\"");
  }

  private RunSettings load(String... overrides) throws IOException {
    RunSettings settings = Settings.load(file, List.of(overrides), RunSettings.class);
    Path rendered = Files.writeString(folder.resolve("config.json"), Settings.render(settings));
    assertThat(Settings.load(rendered, List.of(), RunSettings.class)).isEqualTo(settings);
    return settings;
  }

  private PreferenceLoss loss(String type, String... keys) throws IOException {
    return load(lossOverrides(type, keys)).preferenceLoss();
  }

  private List<String> lossProblems(String type, String... keys) {
    return problems(lossOverrides(type, keys));
  }

  private static String[] lossOverrides(String type, String... keys) {
    return Stream.concat(Stream.of("type=" + type), Stream.of(keys))
        .map(key -> "preference-loss." + key)
        .toArray(String[]::new);
  }

  private List<String> problems(String... overrides) {
    return catchThrowableOfType(ConfigMistakes.class, () -> load(overrides)).problems();
  }
}
