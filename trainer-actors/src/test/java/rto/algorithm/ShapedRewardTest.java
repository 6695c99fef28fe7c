package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rto.algorithm.TokenReward.Column;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;

/**
 * Who pays what to which token where the DPO reward is moved. All numbers are sums of powers of
 * two, so that every value and every sum is exact.
 */
class ShapedRewardTest {

  private static final int STOP = 9;
  private static final RewardWeights WEIGHTS =
      new RewardWeights(0.5, 2, OptionalDouble.empty(), 0.25);
  private static final double BETA2 = 0.5;

  /** log π_dpo − log π_ref = 1, 2, −0.5, 4, so with β₁ = ½ d = ½, 1, −¼, 2 and Σd = 3¼. */
  private static final float[] DPO = {-1, 0, -2.5f, 2};

  private static final float[] REFERENCE = {-2, -2, -2, -2};

  /** k = 1, −1, ½, −1, so −β₂k = −½, ½, −¼, ½. */
  private static final float[] POLICY = {-1, -3, -1.5f, -3};

  @Test
  void aSentenceIsPaidAtItsDelimiterAndTheTailAtTheEnd() {
    // d = ½, 1 | −¼, 2: 1½ at the stop, 1¾ at the end, where β₃R = 2·3 is added
    TokenRewards paid = semi(response(5, STOP, 6, 7));
    assertThat(paid.dpo()).containsExactly(0.5f, 1, -0.25f, 2);
    assertThat(paid.shaping()).containsExactly(-0.5f, 0.5f, 0.25f, -0.25f);
    assertThat(paid.kl()).containsExactly(-0.5f, 0.5f, -0.25f, 0.5f);
    assertThat(paid.sentence()).containsExactly(0, 0, 0, 6);
    assertThat(paid.total()).containsExactly(-0.5f, 2, -0.25f, 8.25f);
  }

  @Test
  void aDelimiterAsFirstTokenPaysItsOwnReward() {
    // ½ | 1, −¼, 2: ½ at the stop, 2¾ at the end
    assertThat(moved(semi(response(STOP, 5, 6, 7)))).containsExactly(0.5f, 0, 0, 2.75f);
  }

  @Test
  void aDelimiterAsLastTokenPaysOnce() {
    assertThat(moved(semi(response(5, 6, 7, STOP)))).containsExactly(0, 0, 0, 3.25f);
    assertThat(moved(semi(response(STOP, 6, 7, STOP)))).containsExactly(0.5f, 0, 0, 2.75f);
  }

  @Test
  void theSecondOfTwoDelimitersIsASentenceOfItsOwn() {
    // ½, 1 | −¼ | 2
    assertThat(moved(semi(response(5, STOP, STOP, 6)))).containsExactly(0, 1.5f, -0.25f, 2);
    // everything is a sentence: RTO
    assertThat(moved(semi(response(STOP, STOP, STOP, STOP)))).containsExactly(0.5f, 1, -0.25f, 2);
  }

  @Test
  void severalTokensMayBeDelimiters() {
    var comma = new SemiRtoReward(WEIGHTS, Set.of(STOP, 8));
    assertThat(moved(comma.perToken(scored(false, 5, 8, STOP, 6), BETA2)))
        .containsExactly(0, 1.5f, -0.25f, 2);
  }

  @Test
  void withoutADelimiterSemiRtoIsDdpo() {
    ScoredTrajectory plain = response(5, 6, 7, 8);
    TokenRewards ddpo = ddpo(plain);
    assertThat(semi(plain)).usingRecursiveComparison().isEqualTo(ddpo);
    assertThat(moved(ddpo)).containsExactly(0, 0, 0, 3.25f);
    assertThat(ddpo.shaping()).containsExactly(-0.5f, -1, 0.25f, 1.25f);
    assertThat(ddpo.total()).containsExactly(-0.5f, 0.5f, -0.25f, 9.75f);
    assertThat(new SemiRtoReward(WEIGHTS, Set.of()).perToken(response(5, STOP, 6, 7), BETA2))
        .usingRecursiveComparison()
        .isEqualTo(ddpo(response(5, STOP, 6, 7)));
  }

  @Test
  void aTruncatedResponsePaysItsTailAndThePenaltyAtItsLastToken() {
    // cut off in the second sentence: 1¾ and 6 − ¼ at the last token, no token is overwritten
    TokenRewards cut =
        new SemiRtoReward(WEIGHTS, Set.of(STOP)).perToken(scored(true, 5, STOP, 6, 7), BETA2);
    assertThat(cut.total()).containsExactly(-0.5f, 2, -0.25f, 8);
    assertThat(cut.sentence()).containsExactly(0, 0, 0, 5.75f);
    assertThat(new DdpoReward(WEIGHTS).perToken(scored(true, 5, 6, 7, 8), BETA2).total())
        .containsExactly(-0.5f, 0.5f, -0.25f, 9.5f);
  }

  @Test
  void rsPpoPaysOnTheWayAndTakesBackAtTheEnd() {
    TokenRewards paid = rsPpo(response(5, STOP, 6, 7));
    assertThat(paid.dpo()).containsExactly(0.5f, 1, -0.25f, 2);
    assertThat(paid.shaping()).containsExactly(0, 0, 0, -3.25f);
    // at the end d − Σd − β₂k + β₃R = 2 − 3¼ + ½ + 6
    assertThat(paid.total()).containsExactly(0, 1.5f, -0.5f, 5.25f);
  }

  @Test
  void rsPpoIsPpoPlusDifferencesOfAPotential() {
    // Φ_h = Σ_{i<h} d_i = 0, ½, 1½, 1¼, and 0 after the end: Φ_h+1 − Φ_h = ½, 1, −¼, −1¼
    ScoredTrajectory scored = response(5, 6, 7, 8);
    float[] ppo = new PpoReward(WEIGHTS).perToken(scored, BETA2).total();
    float[] shaped = rsPpo(scored).total();
    float[] differences = {0.5f, 1, -0.25f, -1.25f};
    for (int h = 0; h < ppo.length; h++) {
      assertThat(shaped[h] - ppo[h]).isEqualTo(differences[h]);
    }
  }

  @Test
  void oneTokenIsTheEndOfEverything() {
    ScoredTrajectory one = scored(false, 5);
    assertThat(semi(one).total()).containsExactly(6);
    assertThat(ddpo(one).total()).containsExactly(6);
    assertThat(rsPpo(one).total()).containsExactly(5.5f);
  }

  @Test
  void theClipBoundsEachTokenBeforeItIsSummed() {
    // c = ¾: d = ½, ¾, −¼, ¾, Σd = 1¾, which is more than c
    RewardWeights clipped = new RewardWeights(0.5, 2, OptionalDouble.of(0.75), 0.25);
    ScoredTrajectory scored = response(5, STOP, 6, 7);
    assertThat(moved(new DdpoReward(clipped).perToken(scored, BETA2)))
        .containsExactly(0, 0, 0, 1.75f);
    assertThat(moved(new SemiRtoReward(clipped, Set.of(STOP)).perToken(scored, BETA2)))
        .containsExactly(0, 1.25f, 0, 0.5f);
    assertThat(new RsPpoReward(clipped).perToken(scored, BETA2).shaping())
        .containsExactly(0, 0, 0, -1.75f);
  }

  @Test
  void allOfThemReadAllColumns() {
    assertThat(new SemiRtoReward(WEIGHTS, Set.of()).needs())
        .isEqualTo(new DdpoReward(WEIGHTS).needs())
        .isEqualTo(new RsPpoReward(WEIGHTS).needs())
        .containsExactlyInAnyOrder(Column.values());
  }

  private static TokenRewards semi(ScoredTrajectory scored) {
    return new SemiRtoReward(WEIGHTS, Set.of(STOP)).perToken(scored, BETA2);
  }

  private static TokenRewards ddpo(ScoredTrajectory scored) {
    return new DdpoReward(WEIGHTS).perToken(scored, BETA2);
  }

  private static TokenRewards rsPpo(ScoredTrajectory scored) {
    return new RsPpoReward(WEIGHTS).perToken(scored, BETA2);
  }

  /** Where the DPO reward has gone. */
  private static float[] moved(TokenRewards paid) {
    float[] moved = new float[paid.dpo().length];
    for (int h = 0; h < moved.length; h++) {
      moved[h] = paid.dpo()[h] + paid.shaping()[h];
    }
    return moved;
  }

  private static ScoredTrajectory response(int... tokens) {
    return scored(false, tokens);
  }

  /** With R = 3. */
  private static ScoredTrajectory scored(boolean truncated, int... tokens) {
    int H = tokens.length;
    float[] policy = Arrays.copyOf(POLICY, H);
    return ScoredTrajectory.unscored(
            new Trajectory(new Prompt(0, new int[] {1}), 0, tokens, policy, truncated, 0))
        .withReference(Arrays.copyOf(REFERENCE, H))
        .withDpo(Arrays.copyOf(DPO, H))
        .withReward(3);
  }
}
