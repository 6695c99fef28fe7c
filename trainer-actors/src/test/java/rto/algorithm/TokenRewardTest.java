package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import rto.algorithm.TokenReward.Column;
import rto.protocol.Diverged;
import rto.protocol.InvalidValues;
import rto.protocol.ScoredTrajectory;

class TokenRewardTest {

  private static final OptionalDouble NO_CLIP = OptionalDouble.empty();
  private static final float[] POLICY = {-1, -2};
  private static final float[] REFERENCE = {-1.5f, -1};
  private static final float[] DPO = {-0.5f, -2};

  @Test
  void rtoPaysDpoPreferenceKlAndSentenceReward() {
    // d = 0.1·(1, −1) = (0.1, −0.1);  −β₂k = −0.2·(0.5, −1) = (−0.1, 0.2);  β₃R = 2·3 at the end
    var rewards = rto(0.1, 2, NO_CLIP, 0).perToken(scored(3), 0.2);
    assertArrayEquals(new float[] {0.1f, -0.1f}, rewards.dpo(), 1e-7f);
    assertArrayEquals(new float[] {-0.1f, 0.2f}, rewards.kl(), 1e-7f);
    assertArrayEquals(new float[] {0, 6}, rewards.sentence());
    assertArrayEquals(new float[] {0, 6.1f}, rewards.total(), 1e-6f);
  }

  @Test
  void ppoPaysKlAndSentenceReward() {
    var rewards = ppo(2, 0).perToken(scored(3), 0.2);
    assertArrayEquals(new float[] {-0.1f, 6.2f}, rewards.total(), 1e-6f);
    assertArrayEquals(new float[] {0, 0}, rewards.dpo());
  }

  @Test
  void clipBoundsTheDpoRewardOnBothSides() {
    var rewards = rto(0.1, 2, OptionalDouble.of(0.05), 0).perToken(scored(3), 0.2);
    assertArrayEquals(new float[] {0.05f, -0.05f}, rewards.dpo());
  }

  @Test
  void clipComesAfterScaling() {
    // log-ratio 1, β₁ 0.1, clip 0.5: scaled 0.1 is inside; clipping first would give 0.1·0.5 = 0.05
    var rewards = rto(0.1, 2, OptionalDouble.of(0.5), 0).perToken(scored(3), 0.2);
    assertArrayEquals(new float[] {0.1f, -0.1f}, rewards.dpo(), 1e-7f);
  }

  @Test
  void clipOfZeroMeansZero() {
    var rewards = rto(0.1, 2, OptionalDouble.of(0), 0).perToken(scored(3), 0.2);
    assertArrayEquals(new float[2], rewards.dpo(), Float.MIN_VALUE);
  }

  @Test
  void sentenceRewardIsClampedToTenBeforeItIsWeighted() {
    assertThat(ppo(2, 0).perToken(scored(25), 0).sentence()).containsExactly(0, 20);
    assertThat(ppo(2, 0).perToken(scored(-25), 0).sentence()).containsExactly(0, -20);
  }

  @Test
  void penaltyForAMissingEndTokenFallsOnTheLastTokenOfATruncatedResponseOnly() {
    ScoredTrajectory truncated = Scored.of(POLICY, REFERENCE, DPO, 3, true);
    TokenReward ppo = ppo(2, 1.5);
    TokenReward rto = rto(0.1, 2, NO_CLIP, 1.5);
    assertThat(ppo.perToken(truncated, 0.2).sentence()).containsExactly(0, 4.5f);
    assertThat(rto.perToken(truncated, 0.2).sentence()).containsExactly(0, 4.5f);
    assertThat(ppo.perToken(scored(3), 0.2).sentence()).containsExactly(0, 6);
  }

  @Test
  void ppoNeedsNoDpoColumn() {
    TokenReward ppo = ppo(1, 0);
    assertThat(ppo.needs()).containsExactlyInAnyOrder(Column.REFERENCE, Column.REWARD);
    ScoredTrajectory withoutDpo =
        Scored.unscored(POLICY, false).withReference(REFERENCE).withReward(1);
    assertThat(ppo.perToken(withoutDpo, 0).total()).containsExactly(0, 1);
    assertThat(rto(1, 1, NO_CLIP, 0).needs()).containsExactlyInAnyOrder(Column.values());
  }

  @Test
  void missingColumnIsNamed() {
    ScoredTrajectory unscored = Scored.unscored(POLICY, false);
    assertThatThrownBy(() -> ppo(1, 0).perToken(unscored, 0))
        .hasMessage("reference log-probs: absent (expected: one per token)");
    assertThatThrownBy(() -> ppo(1, 0).perToken(unscored.withReference(REFERENCE), 0))
        .hasMessage("reward: absent (expected: from the reward scorer)");
    assertThatThrownBy(
            () ->
                rto(1, 1, NO_CLIP, 0).perToken(unscored.withReference(REFERENCE).withReward(1), 0))
        .hasMessage("dpo log-probs: absent (expected: one per token)");
  }

  @Test
  void columnThatIsNotFiniteIsNamedWithItsPlace() {
    ScoredTrajectory broken = Scored.of(POLICY, REFERENCE, new float[] {-1, Float.NaN}, 1);
    assertThatThrownBy(() -> rto(0, 1, NO_CLIP, 0).perToken(broken, 0))
        .isInstanceOf(Diverged.class)
        .hasMessage("dpo log-probs[1]: NaN (expected: a finite number)");
    assertThatThrownBy(() -> ppo(1, 0).perToken(scored(Double.NaN), 0))
        .isInstanceOf(Diverged.class)
        .hasMessage("reward: NaN (expected: a finite number)");
  }

  @Test
  void negativeWeightsAreRefused() {
    assertThatThrownBy(() -> new RewardWeights(-1, 1, NO_CLIP, 0))
        .hasMessage("beta1: -1.0 (expected: >= 0; 0 turns token rewards off)");
    assertThatThrownBy(() -> new RewardWeights(1, -2, NO_CLIP, Double.NaN))
        .asInstanceOf(InstanceOfAssertFactories.type(InvalidValues.class))
        .extracting(InvalidValues::problems)
        .isEqualTo(
            List.of(
                "beta3: -2.0 (expected: >= 0; 0 turns the sentence reward off)",
                "missing-eos-penalty: NaN (expected: >= 0; 0 turns the penalty off)"));
    assertThatThrownBy(() -> ppo(1, 0).perToken(scored(1), -0.1))
        .hasMessage("beta2: -0.1 (expected: >= 0; 0 turns the KL penalty off)");
    assertThatThrownBy(() -> new RewardWeights(1, 1, OptionalDouble.of(-0.05), 0))
        .hasMessageStartingWith("token-reward-clip: -0.05");
  }

  private static TokenReward rto(
      double beta1, double beta3, OptionalDouble clip, double missingEosPenalty) {
    return new RtoReward(new RewardWeights(beta1, beta3, clip, missingEosPenalty));
  }

  private static TokenReward ppo(double beta3, double missingEosPenalty) {
    return new PpoReward(new RewardWeights(0, beta3, NO_CLIP, missingEosPenalty));
  }

  private static ScoredTrajectory scored(double reward) {
    return Scored.of(POLICY, REFERENCE, DPO, reward);
  }
}
