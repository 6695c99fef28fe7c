package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rto.algorithm.DpoLoss;
import rto.algorithm.TokenRewardVariant;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.lm.io.HfCheckpoint;
import rto.tensor.ComputePool;
import rto.train.PolicyStage.Setup;

/**
 * From pairs to a better policy: people like the token 5, in any place. The reward model and the
 * DPO model learn that from pairs; the policy learns it from them.
 */
class RtoLearnsTest {

  private static final int LIKED = 5;
  private static final int ITERATIONS = 12;
  private static final RtoSettings SETTINGS = Tiny.rto(ITERATIONS, 24, 1, 12, 12, 0.005);

  @TempDir static Path temp;
  private static PolicyStage stage;

  @BeforeAll
  static void trainWhatTheStageStartsFrom() {
    stage = stage();
  }

  @ParameterizedTest
  @EnumSource(TokenRewardVariant.class)
  void theRewardRisesAndTheLikedTokenBecomesLikely(TokenRewardVariant variant) {
    assertLearns(Tiny.with(SETTINGS, variant));
  }

  @ParameterizedTest
  @EnumSource(names = {"RTO", "PPO"})
  void soTheyDoWithoutACritic(TokenRewardVariant variant) {
    assertLearns(Tiny.with(Tiny.with(SETTINGS, variant), AdvantageVariant.RETURN_TO_GO));
  }

  private void assertLearns(RtoSettings settings) {
    List<Double> rewards = new ArrayList<>();
    List<Double> liking = new ArrayList<>();
    stage.run(
        settings,
        new Setup(1, 2, true),
        Optional.empty(),
        (learner, iteration, numbers) -> {
          rewards.add(numbers.get("reward"));
          liking.add(liking(learner));
        });
    assertThat(rewards.get(ITERATIONS - 1)).isGreaterThan(rewards.get(0) + 1);
    assertThat(liking.get(ITERATIONS - 1)).isGreaterThan(4.0 / Tiny.VOCAB);
  }

  /** How likely the liked token is to begin a response; 1/12 before anything is learned. */
  private static double liking(PolicyLearner learner) {
    Sequence likes = new Sequence(new int[] {Tiny.BEGIN, 7, 3}, new int[] {LIKED});
    try (PolicyLearner.Snapshot policy = learner.snapshot();
        Decoder model = HfCheckpoint.read(policy.file().channel(), "policy")) {
      return Math.exp(model.logProbs(List.of(likes), 1, 1).get(0)[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PolicyStage stage() {
    StageSettings settings = new StageSettings(4, 16, 16, 0.005);
    try (ComputePool pool = new ComputePool("test", 2);
        Decoder base = Tiny.untrained(1)) {
      RewardModelStage.Result reward =
          new RewardModelStage(
                  Tiny.loop("reward-model", settings, Tiny.adam(), temp), new Tuning.Whole(), pool)
              .run(base, pairs(96, 1), pairs(32, 2), 1);
      Decoder dpo =
          new PreferenceStage(
                  Tiny.loop("dpo", settings, Tiny.adam(), temp), new Tuning.Whole(), pool)
              .run(base, new DpoLoss(0.1, 0), pairs(96, 1), 1);
      return new PolicyStage(temp, base, dpo, reward.model());
    }
  }

  /** Of two random responses, the one with the larger share of the liked token is chosen. */
  private static List<Pair> pairs(int n, long seed) {
    Random random = new Random(seed);
    List<Pair> pairs = new ArrayList<>();
    while (pairs.size() < n) {
      int[] prompt = Tiny.prompt(random);
      Sequence a = new Sequence(prompt, Tiny.tokens(4 + random.nextInt(5), random));
      Sequence b = new Sequence(prompt, Tiny.tokens(4 + random.nextInt(5), random));
      if (liked(a) != liked(b)) {
        pairs.add(liked(a) > liked(b) ? new Pair(a, b) : new Pair(b, a));
      }
    }
    return pairs;
  }

  private static double liked(Sequence s) {
    long count = Arrays.stream(s.response()).filter(token -> token == LIKED).count();
    return (double) count / s.response().length;
  }
}
