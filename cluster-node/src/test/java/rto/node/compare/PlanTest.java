package rto.node.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.algorithm.TokenRewardVariant;
import rto.node.compare.Choice.Tried;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.dashboard.ComparisonReport.Trial;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.train.RunSettings;

class PlanTest {

  private static final String SFT = "{ name = sft, trains = nothing, set = [], tune = [] }";
  private static final String PPO =
      "{ name = ppo, trains = policy, set = [\"rto.token-reward=ppo\"],"
          + " tune = [[], [\"rto.policy-learning-rate=1e-3\"]] }";
  private static final String DPO =
      "{ name = dpo, trains = preference, set = [], tune = [[], [\"dpo.epochs=2\"]] }";

  @TempDir Path folder;

  @Test
  void anArmIsTheSharedRunWithWhatSetsItApart() throws IOException {
    Plan plan = plan(SFT, PPO, DPO);
    Arm ppo = plan.arms().get(1);

    RunSettings run = plan.run(7, ppo, plan.candidates(ppo).get(1));

    assertThat(run.seed()).isEqualTo(7);
    assertThat(run.rto().tokenReward()).isEqualTo(TokenRewardVariant.PPO);
    assertThat(Settings.differences(plan.shared(7), run))
        .containsExactly("rto.policy-learning-rate", "rto.token-reward");
  }

  @Test
  void theSeedDecidesWhatFollowsFromIt() throws IOException {
    assertThat(plan(SFT, PPO).shared(3).preferences().gold()).isEqualTo("micro-world:3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preferences.pairs=10",
        "rto.iterations=3",
        "rto.samples-per-prompt=1",
        "optimizer.beta1=0.5",
        "dpo.epochs=2",
        "seed=4"
      })
  void aPolicyArmMayNotTouchWhatAllShare(String override) {
    String arm = PPO.replace("rto.token-reward=ppo", override);
    String key = override.substring(0, override.indexOf('='));

    assertThat(problems(arm)).contains("compare.arms: ppo: " + key + " (expected: as in all arms)");
  }

  @Test
  void aPreferenceArmMaySetItsLossAndNoPolicyStage() {
    String arm = DPO.replace("set = []", "set = [\"preference-loss.type=ipo\", \"rto.gamma=0.9\"]");

    assertThat(problems(PPO, arm))
        .containsOnly("compare.arms: dpo: rto.gamma (expected: as in all arms)");
  }

  @Test
  void mistakesInWhatSetsAnArmApartNameTheArm() {
    String arm = PPO.replace("rto.token-reward=ppo", "rto.token-rewards=ppo");

    assertThat(problems(arm).get(0))
        .startsWith("compare.arms: ppo: rto.token-rewards: unknown key (did you mean");
  }

  @Test
  void everyArmTriesTheSameNumberOfCandidates() {
    String arm = DPO.replace("[\"dpo.epochs=2\"]", "");

    assertThat(problems(PPO, arm.replace("[[], ]", "[[]]")))
        .singleElement()
        .asString()
        .contains("dpo has 1 candidates in tune (expected: 2, as tuning.trials says for all)");
  }

  @Test
  void whatTrainsNothingHasNothingToSet() {
    assertThat(problems(PPO, SFT.replace("set = []", "set = [\"rto.gamma=0.9\"]")).get(0))
        .contains("set: given (expected: none, since sft trains nothing)");
  }

  @Test
  void theBaselineIsAnArmAndNamesAreThereOnce() {
    assertThat(problems(SFT, DPO).get(0)).contains("baseline: ppo (expected: one of sft, dpo)");
    assertThat(problems(PPO, PPO).get(0)).contains("arms: ppo, ppo (expected: each name once)");
  }

  @Test
  void armsAndSeedsCanBeChosen() throws IOException {
    Plan plan = plan(List.of("dpo"), OptionalInt.of(3), SFT, PPO, DPO);

    assertThat(plan.arms()).extracting(Arm::name).containsExactly("dpo");
    assertThat(plan.seeds()).containsExactly(1L, 2L, 3L);
    assertThat(plan.identity()).isEqualTo(plan(SFT, PPO).identity());
  }

  @Test
  void anUnknownArmAndASeedThatIsTunedOnAreRefused() {
    ConfigMistakes mistakes =
        catchThrowableOfType(
            ConfigMistakes.class, () -> plan(List.of("rt"), OptionalInt.of(101), SFT, PPO));

    assertThat(mistakes.problems())
        .containsExactly(
            "arms: rt (expected: one of [sft, ppo])",
            "compare.tuning.seeds: 101 (expected: none compared)");
  }

  @Test
  void tuningIsJudgedByPromptsOfItsOwn() throws IOException {
    Plan plan = plan(SFT, PPO);

    List<String> heldOut = IntStream.range(0, 32).mapToObj(i -> "prompt " + i).toList();
    assertThat(plan.judges(1, heldOut)).isEqualTo(heldOut.subList(0, 20));
    assertThat(plan.judges(101, heldOut)).isEqualTo(heldOut.subList(20, 32));
  }

  @Test
  void theBestCandidateOnAverageIsChosen() throws IOException {
    Plan plan = plan(SFT, PPO);
    // As it is: (0.5 + 0.1) / 2 = 0.3; the other: (0.3 + 0.4) / 2 = 0.35.
    List<Tried> tried =
        List.of(
            tried(0.5),
            tried(0.1),
            tried(0.3, "rto.policy-learning-rate=1e-3"),
            tried(0.4, "rto.policy-learning-rate=1e-3"));

    List<Trial> trials = Choice.of(plan, plan.arms(), tried);

    assertThat(trials).extracting(Trial::chosen).containsExactly(false, true);
    assertThat(trials.get(0).gold()).containsExactly(0.5, 0.1);
    assertThat(trials.get(1).mean()).isEqualTo(0.35);
    assertThat(Choice.chosen(trials, plan.arms().get(1)))
        .containsExactly("rto.policy-learning-rate=1e-3");
    assertThat(Choice.chosen(trials, plan.arms().get(0))).isEmpty();
  }

  @Test
  void aCandidateWithoutAFigureIsNeverChosen() throws IOException {
    Plan plan = plan(SFT, PPO);
    Arm ppo = plan.arms().get(1);
    String other = "rto.policy-learning-rate=1e-3";

    List<Trial> one =
        Choice.of(
            plan,
            plan.arms(),
            List.of(tried(0.9), tried(Double.NaN), tried(-2, other), tried(-4, other)));
    List<Trial> none =
        Choice.of(plan, plan.arms(), List.of(tried(Double.NaN), tried(Double.NaN, other)));

    assertThat(Choice.chosen(one, ppo)).containsExactly(other);
    assertThat(none).extracting(Trial::chosen).containsExactly(false, false);
    assertThatThrownBy(() -> Choice.chosen(none, ppo))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ppo: no candidate has a gold reward in every tuning seed");
  }

  @Test
  void aNoteIsNoPartOfWhatMakesTwoComparisonsTheSame() throws IOException {
    Plan plan = plan(SFT, PPO);
    Path file = folder.resolve("compare.conf");
    Plan noted = plan(file, List.of("compare.note=by hand"), List.of(), OptionalInt.empty());

    assertThat(noted.settings().note()).hasValue("by hand");
    assertThat(plan.settings().note()).isEmpty();
    assertThat(noted.identity()).isEqualTo(plan.identity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"compare-micro-world", "compare-stories260k", "sweep-beta1"})
  void theComparisonsThatComeWithTheProgramCanBeUsed(String name) {
    Path file = Path.of("../config/" + name + ".conf");

    // Only a checkpoint's file has a model.path.
    List<String> model = name.contains("stories") ? List.of("model.path=m") : List.of();

    Plan plan = plan(file, model, List.of(), OptionalInt.empty());

    assertThat(plan.arms()).isNotEmpty();
  }

  private static Tried tried(double gold, String... candidate) {
    return new Tried("ppo", List.of(candidate), gold);
  }

  private Plan plan(String... arms) throws IOException {
    return plan(List.of(), OptionalInt.empty(), arms);
  }

  private Plan plan(List<String> chosen, OptionalInt seeds, String... arms) throws IOException {
    Path config = Path.of("../config/quickstart.conf").toAbsolutePath();
    Path file = folder.resolve("compare.conf");
    Files.writeString(
        file,
        """
        include file("%s")
        evaluation-prompts = 20
        data.held-out = 40
        compare {
          seeds = 2
          curve.prompts = 10
          tuning { seeds = [101, 102], prompts = 12, trials = 2 }
          arms = [ %s ]
        }
        """
            .formatted(config, String.join("\n", arms)));
    return plan(file, List.of(), chosen, seeds);
  }

  private static Plan plan(
      Path file, List<String> overrides, List<String> chosen, OptionalInt seeds) {
    ComparisonSettings settings =
        Settings.loadSection(
                "compare",
                file,
                overrides,
                "compare-defaults.conf",
                ComparisonSettings.Section.class)
            .compare();
    return Plan.of(
        settings,
        more -> {
          List<String> all = new ArrayList<>(overrides);
          all.addAll(more);
          return Settings.loadBeside("compare", file, all, RunSettings.class);
        },
        chosen,
        seeds);
  }

  private List<String> problems(String... arms) {
    return catchThrowableOfType(ConfigMistakes.class, () -> plan(arms)).problems();
  }
}
