package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.assertj.core.data.Offset;
import rto.protocol.ScoredTrajectory;

/** The sums of the table in {@link TokenReward}, for any response. */
class TokenRewardPropertiesTest {

  private static final OptionalDouble NO_CLIP = OptionalDouble.empty();

  @Property(tries = 200)
  void ppoPaysSentenceRewardLessKl(
      @ForAll("responses") ScoredTrajectory scored,
      @ForAll @DoubleRange(max = 2) double beta2,
      @ForAll @DoubleRange(max = 2) double beta3) {
    double expected = beta3 * reward(scored) - beta2 * sumOfK(scored);
    float[] total = ppo(beta3, 0).perToken(scored, beta2).total();
    assertThat(Scored.sum(total)).isCloseTo(expected, tolerance(scored));
  }

  @Property(tries = 200)
  void rtoPaysTheDpoLogRatioOnTop(
      @ForAll("responses") ScoredTrajectory scored,
      @ForAll @DoubleRange(max = 2) double beta1,
      @ForAll @DoubleRange(max = 2) double beta2,
      @ForAll @DoubleRange(max = 2) double beta3) {
    double sumOfD =
        beta1
            * (Scored.sum(scored.dpo().orElseThrow())
                - Scored.sum(scored.reference().orElseThrow()));
    double expected = sumOfD + beta3 * reward(scored) - beta2 * sumOfK(scored);
    float[] total = rto(beta1, beta3, NO_CLIP, 0).perToken(scored, beta2).total();
    assertThat(Scored.sum(total)).isCloseTo(expected, tolerance(scored));
  }

  @Property(tries = 100)
  void rtoWithBeta1ZeroIsPpo(
      @ForAll("responses") ScoredTrajectory scored,
      @ForAll @DoubleRange(max = 2) double beta2,
      @ForAll @DoubleRange(max = 2) double beta3) {
    float[] rto = rto(0, beta3, NO_CLIP, 0.5).perToken(scored, beta2).total();
    float[] ppo = ppo(beta3, 0.5).perToken(scored, beta2).total();
    assertThat(rto).containsExactly(ppo);
  }

  @Property(tries = 100)
  void aClipWiderThanEveryRewardChangesNothing(@ForAll("responses") ScoredTrajectory scored) {
    float[] without = rto(0.5, 1, NO_CLIP, 0).perToken(scored, 0.1).total();
    float[] with = rto(0.5, 1, OptionalDouble.of(20), 0).perToken(scored, 0.1).total();
    assertThat(with).containsExactly(without);
  }

  @Property(tries = 100)
  void everyTokenIsPaidBySomebody(@ForAll("responses") ScoredTrajectory scored) {
    var rewards = rto(0.5, 1, NO_CLIP, 0).perToken(scored, 0.1);
    for (int h = 0; h < rewards.total().length; h++) {
      double parts = (double) rewards.dpo()[h] + rewards.kl()[h] + rewards.sentence()[h];
      assertThat(rewards.total()[h]).isEqualTo((float) parts);
    }
  }

  @Provide
  Arbitrary<ScoredTrajectory> responses() {
    return Arbitraries.integers()
        .between(1, 40)
        .flatMap(
            tokens ->
                Combinators.combine(
                        logProbs(tokens),
                        logProbs(tokens),
                        logProbs(tokens),
                        Arbitraries.doubles().between(-15, 15),
                        Arbitraries.of(true, false))
                    .as(Scored::of));
  }

  private static Arbitrary<float[]> logProbs(int tokens) {
    return Arbitraries.floats().between(-20, 0).array(float[].class).ofSize(tokens);
  }

  private static TokenReward rto(
      double beta1, double beta3, OptionalDouble clip, double missingEosPenalty) {
    return new RtoReward(new RewardWeights(beta1, beta3, clip, missingEosPenalty));
  }

  private static TokenReward ppo(double beta3, double missingEosPenalty) {
    return new PpoReward(new RewardWeights(0, beta3, NO_CLIP, missingEosPenalty));
  }

  private static double reward(ScoredTrajectory scored) {
    return Math.max(-10, Math.min(10, scored.reward().orElseThrow()));
  }

  private static double sumOfK(ScoredTrajectory scored) {
    return Scored.sum(scored.trajectory().logProbs())
        - Scored.sum(scored.reference().orElseThrow());
  }

  /** Floats of at most 2·20 + 2·20 + 2·10 = 100 are off by 100·2⁻²⁴ = 6e-6 at most, each part. */
  private static Offset<Double> tolerance(ScoredTrajectory scored) {
    return within(4 * 6e-6 * scored.trajectory().response().length);
  }
}
