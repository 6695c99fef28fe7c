package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.TokenRewardVariant;
import rto.train.PolicyStage.Setup;
import rto.train.PolicyStage.Watch;

class LocalRtoLoopTest {

  /** Two epochs of three minibatches of 5, 5 and 2 trajectories, each in micro-batches of 2. */
  private static final RtoSettings SETTINGS = Tiny.rto(3, 2, 5, 2, 1e-3);

  private static final RtoSettings WITHOUT_CRITIC =
      Tiny.with(SETTINGS, AdvantageVariant.RETURN_TO_GO);

  private static final RtoSettings ONE_BEHIND = Tiny.with(SETTINGS, "staleness", 1);

  private static final Set<String> CRITICAL =
      Set.of(
          "value-loss",
          "value-clip-fraction",
          "mean-value",
          "value-gradient-norm",
          "value-learning-rate",
          "explained-variance");

  @TempDir static Path temp;
  private static final List<Map<String, Double>> NUMBERS = new ArrayList<>();
  private static PolicyStage stage;
  private static String undisturbed;

  @BeforeAll
  static void runOnce() {
    stage = PolicyStage.random(temp);
    Watch watch = (learner, iteration, numbers) -> NUMBERS.add(numbers);
    undisturbed = stage.run(SETTINGS, Setup.PLAIN, Optional.empty(), watch);
  }

  @Test
  void theSameSeedGivesTheSameDigest() {
    assertThat(run(Setup.PLAIN)).isEqualTo(undisturbed).matches("[0-9a-f]{64}");
  }

  @Test
  void anotherSeedGivesAnotherDigest() {
    assertThat(run(new Setup(2, 1, true))).isNotEqualTo(undisturbed);
  }

  @Test
  void theNumberOfPoolThreadsDoesNotChangeTheDigest() {
    assertThat(run(new Setup(1, 2, true))).isEqualTo(undisturbed);
    assertThat(run(new Setup(1, 3, true))).isEqualTo(undisturbed);
  }

  @Test
  void aRunInterruptedAfterEveryIterationEndsWithTheSameDigest() {
    assertThat(interruptedAfterEveryIteration(SETTINGS)).isEqualTo(undisturbed);
  }

  @Test
  void soDoesARunWithoutACritic() {
    String whole = stage.run(WITHOUT_CRITIC, Setup.PLAIN, Optional.empty(), Watch.NOTHING);
    assertThat(interruptedAfterEveryIteration(WITHOUT_CRITIC)).isEqualTo(whole);
    assertThat(stage.run(WITHOUT_CRITIC, new Setup(1, 3, true), Optional.empty(), Watch.NOTHING))
        .isEqualTo(whole)
        .isNotEqualTo(undisturbed);
  }

  @Test
  void withoutACriticNoNumberSpeaksOfOne() {
    List<Map<String, Double>> seen = new ArrayList<>();
    stage.run(WITHOUT_CRITIC, Setup.PLAIN, Optional.empty(), (l, k, numbers) -> seen.add(numbers));
    assertThat(seen.get(0)).containsKeys("policy-loss", "gradient-norm", "reward-dpo");
    assertThat(NUMBERS.get(0).keySet())
        .containsAll(seen.get(0).keySet())
        .containsAll(CRITICAL)
        .hasSize(seen.get(0).size() + CRITICAL.size());
  }

  @Test
  void theCriticsSettingsSayNothingWithoutOne() {
    RtoSettings once = Tiny.with(WITHOUT_CRITIC, "iterations", 1);
    RtoSettings other = Tiny.with(once, "lambda", 0.5);
    other = Tiny.with(other, "valueClip", OptionalDouble.empty());
    other = Tiny.with(other, "criticLearningRate", 0.1);
    assertThat(stage.run(other, Setup.PLAIN, Optional.empty(), Watch.NOTHING))
        .isEqualTo(stage.run(once, Setup.PLAIN, Optional.empty(), Watch.NOTHING));
  }

  @Test
  void everyTokenRewardTeachesSomethingElse() {
    Set<String> digests = new HashSet<>();
    for (TokenRewardVariant variant : TokenRewardVariant.values()) {
      RtoSettings settings = Tiny.with(Tiny.with(SETTINGS, "iterations", 1), variant);
      digests.add(stage.run(settings, Setup.PLAIN, Optional.empty(), Watch.NOTHING));
    }
    assertThat(digests).hasSameSizeAs(TokenRewardVariant.values());
  }

  private String interruptedAfterEveryIteration(RtoSettings settings) {
    Optional<Path> checkpoint = Optional.empty();
    for (int k = 0; k < settings.iterations() - 1; k++) {
      checkpoint = Optional.of(interruptedAfterOneIteration(settings, checkpoint));
    }
    assertThat(checkpoint.orElseThrow().getFileName()).hasToString("iteration-000002");
    return stage.run(settings, Setup.PLAIN, checkpoint, Watch.NOTHING);
  }

  private Path interruptedAfterOneIteration(RtoSettings settings, Optional<Path> from) {
    List<Path> written = new ArrayList<>();
    Watch interrupt =
        (learner, iteration, numbers) -> {
          written.add(learner.writeCheckpoint());
          throw new IllegalStateException("interrupted");
        };
    assertThatThrownBy(() -> stage.run(settings, Setup.PLAIN, from, interrupt))
        .hasMessage("interrupted");
    return written.get(0);
  }

  @Test
  void whereTheLearnerIsWhereTheSamplerWasTheRatioIsOne() {
    // One minibatch and one epoch: the policy that learns is the one that sampled, so ρ = 1 at
    // every token, at a temperature of 0.8, from the cache while sampling and without it here.
    RtoSettings once = Tiny.rto(2, 1, 12, 5, 1e-3);
    List<Map<String, Double>> seen = new ArrayList<>();
    stage.run(once, Setup.PLAIN, Optional.empty(), (l, k, numbers) -> seen.add(numbers));
    assertThat(seen).hasSize(2);
    for (Map<String, Double> numbers : seen) {
      assertThat(numbers.get("ratio")).isCloseTo(1, within(1e-5));
      assertThat(numbers.get("approx-kl")).isCloseTo(0, within(1e-9));
      assertThat(numbers.get("clip-fraction")).isZero();
    }
  }

  @Test
  void withAStalenessOfOneTheVersionBeforeSamples() {
    // Versions 0, 0, 1 sample iterations 0, 1, 2: version 0 is the reference itself.
    List<Map<String, Double>> seen = new ArrayList<>();
    String digest =
        stage.run(ONE_BEHIND, Setup.PLAIN, Optional.empty(), (l, k, numbers) -> seen.add(numbers));
    assertThat(seen.get(0).get("kl-sequence")).isCloseTo(0, within(1e-5));
    assertThat(seen.get(1).get("kl-sequence")).isCloseTo(0, within(1e-5));
    assertThat(seen.get(2).get("kl-sequence")).isNotCloseTo(0, within(1e-5));
    assertThat(seen)
        .extracting(numbers -> numbers.get("staleness-0"))
        .containsExactly(12.0, 0., 0.);
    assertThat(seen)
        .extracting(numbers -> numbers.get("staleness-1"))
        .containsExactly(0., 12., 12.);
    assertThat(NUMBERS).extracting(numbers -> numbers.get("staleness-0")).containsOnly(12.0);
    assertThat(digest)
        .isNotEqualTo(undisturbed)
        .isEqualTo(stage.run(ONE_BEHIND, new Setup(1, 3, true), Optional.empty(), Watch.NOTHING));
  }

  @Test
  void theRatioIsToTheVersionThatSampled() {
    // One minibatch and one epoch: only the version between the sampler and the learner moves ρ.
    RtoSettings once = Tiny.with(Tiny.rto(2, 1, 12, 5, 1e-3), "staleness", 1);
    List<Map<String, Double>> seen = new ArrayList<>();
    stage.run(once, Setup.PLAIN, Optional.empty(), (l, k, numbers) -> seen.add(numbers));
    assertThat(seen.get(0).get("approx-kl")).isCloseTo(0, within(1e-9));
    assertThat(seen.get(1).get("approx-kl")).isGreaterThan(1e-6);
  }

  @Test
  void aLoopWithAStalenessOfOneBeginsAtTheBeginning() {
    Path checkpoint = interruptedAfterOneIteration(ONE_BEHIND, Optional.empty());
    assertThatThrownBy(
            () -> stage.run(ONE_BEHIND, Setup.PLAIN, Optional.of(checkpoint), Watch.NOTHING))
        .hasMessage("iterations learned: 1 (expected: 0, with a staleness of 1)");
  }

  @Test
  void aSecondEpochMeetsAPolicyThatHasMoved() {
    List<Map<String, Double>> seen = new ArrayList<>();
    stage.run(
        Tiny.rto(1, 2, 12, 5, 1e-3),
        Setup.PLAIN,
        Optional.empty(),
        (l, k, numbers) -> seen.add(numbers));
    assertThat(seen.get(0).get("approx-kl")).isGreaterThan(1e-6);
  }

  @Test
  void theFirstIterationIsSampledByTheReferenceItself() {
    assertThat(NUMBERS.get(0).get("kl-sequence")).isCloseTo(0, within(1e-5));
    assertThat(NUMBERS.get(2).get("kl-sequence")).isNotCloseTo(0, within(1e-5));
    // β₂ ← β₂ (1 + clip(KL/target − 1, ±0.2) n/horizon) with KL = 0: 0.02 (1 − 0.2 · 12/100)
    assertThat(NUMBERS.get(0).get("beta2")).isEqualTo(0.02);
    assertThat(NUMBERS.get(1).get("beta2")).isCloseTo(0.01952, within(1e-12));
  }

  @Test
  void aKlHorizonShorterThanOneIterationIsRefusedBeforeTheRun() {
    // 300 prompts, 600 responses, horizon 100: one step could take away 0.2 · 600/100 = 120 %.
    assertThatThrownBy(() -> Tiny.rto(1, 300, 1, 1, 1, 1e-3))
        .hasMessage("kl-control.horizon: 100.0 (expected: > 120.0)");
  }

  @Test
  void onlyATokenRewardThatReadsItNeedsTheDpoModel() {
    Setup withoutDpo = new Setup(1, 1, false);
    RtoSettings ppo = Tiny.with(SETTINGS, TokenRewardVariant.PPO);
    String withIt = stage.run(ppo, Setup.PLAIN, Optional.empty(), Watch.NOTHING);
    assertThat(stage.run(ppo, withoutDpo, Optional.empty(), Watch.NOTHING)).isEqualTo(withIt);
    assertThat(withIt).isNotEqualTo(undisturbed);
    assertThatThrownBy(() -> run(withoutDpo)).isInstanceOf(NoSuchElementException.class);
  }

  private String run(Setup setup) {
    return stage.run(SETTINGS, setup, Optional.empty(), Watch.NOTHING);
  }
}
