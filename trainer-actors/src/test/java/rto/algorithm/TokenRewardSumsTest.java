package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;

/** The last column of the table in {@link TokenReward}: what each variant pays in all. */
class TokenRewardSumsTest {

  private static final double BETA1 = 0.125;
  private static final double BETA2 = 0.25;
  private static final double BETA3 = 2;
  private static final double PENALTY = 0.5;

  private static final Map<TokenRewardVariant, Function<Sums, Double>> TABLE =
      Map.of(
          TokenRewardVariant.PPO, s -> s.sentence() - s.kl(),
          TokenRewardVariant.RTO, s -> s.dpo() + s.sentence() - s.kl(),
          TokenRewardVariant.SEMI_RTO, s -> s.dpo() + s.sentence() - s.kl(),
          TokenRewardVariant.DDPO, s -> s.dpo() + s.sentence() - s.kl(),
          TokenRewardVariant.RS_PPO, s -> s.sentence() - s.kl());

  /** Σd, β₂Σk and β₃R less the penalty. */
  private record Sums(double dpo, double kl, double sentence) {}

  /** Multiples of 1/8 up to 20, weights of 1/8, 1/4, 2: floats hold every sum of 40 of them. */
  @Property(tries = 300)
  void theSumIsExactlyThatOfTheTable(
      @ForAll TokenRewardVariant variant, @ForAll("eighths") ScoredTrajectory scored) {
    TokenRewards paid = rule(variant, OptionalDouble.empty()).perToken(scored, BETA2);
    assertThat(Scored.sum(paid.total())).isEqualTo(TABLE.get(variant).apply(sums(scored)));
  }

  @Property(tries = 300)
  void anySumIsThatOfTheTable(
      @ForAll TokenRewardVariant variant, @ForAll("responses") ScoredTrajectory scored) {
    TokenRewards paid = rule(variant, OptionalDouble.empty()).perToken(scored, BETA2);
    // a sum of up to 40 d of at most 2.5 is at most 100 and off by 100 · 2⁻²⁴ = 6e-6, each token
    assertThat(Scored.sum(paid.total()))
        .isCloseTo(
            TABLE.get(variant).apply(sums(scored)),
            within(4 * 6e-6 * scored.trajectory().response().length));
  }

  @Property(tries = 300)
  void thePartsMakeUpTheTotalAtEveryToken(
      @ForAll TokenRewardVariant variant, @ForAll("responses") ScoredTrajectory scored) {
    TokenRewards paid = rule(variant, OptionalDouble.of(0.5)).perToken(scored, BETA2);
    for (int h = 0; h < paid.total().length; h++) {
      double parts = (double) paid.dpo()[h] + paid.kl()[h] + paid.sentence()[h];
      assertThat(paid.total()[h]).isEqualTo((float) (parts + paid.shaping()[h]));
    }
  }

  @Property(tries = 100)
  void withBeta1ZeroAllVariantsArePpo(
      @ForAll TokenRewardVariant variant, @ForAll("responses") ScoredTrajectory scored) {
    var weights = new RewardWeights(0, BETA3, OptionalDouble.empty(), PENALTY);
    float[] ppo = new PpoReward(weights).perToken(scored, BETA2).total();
    float[] paid = variant.with(weights, () -> Set.of(3)).perToken(scored, BETA2).total();
    for (int h = 0; h < ppo.length; h++) {
      assertThat((double) paid[h]).isEqualTo(ppo[h]);
    }
  }

  private static TokenReward rule(TokenRewardVariant variant, OptionalDouble clip) {
    return variant.with(new RewardWeights(BETA1, BETA3, clip, PENALTY), () -> Set.of(3));
  }

  private static Sums sums(ScoredTrajectory scored) {
    double reference = Scored.sum(scored.reference().orElseThrow());
    double r = Math.max(-10, Math.min(10, scored.reward().orElseThrow()));
    return new Sums(
        BETA1 * (Scored.sum(scored.dpo().orElseThrow()) - reference),
        BETA2 * (Scored.sum(scored.trajectory().logProbs()) - reference),
        BETA3 * r - (scored.trajectory().truncated() ? PENALTY : 0));
  }

  @Provide
  Arbitrary<ScoredTrajectory> eighths() {
    Arbitrary<Float> logProb = Arbitraries.integers().between(-160, 0).map(i -> i / 8f);
    Arbitrary<Double> reward = Arbitraries.integers().between(-100, 100).map(i -> i / 8.0);
    return trajectories(logProb, reward);
  }

  @Provide
  Arbitrary<ScoredTrajectory> responses() {
    return trajectories(
        Arbitraries.floats().between(-20, 0), Arbitraries.doubles().between(-15, 15));
  }

  /** Of four tokens, one of them a delimiter. */
  private static Arbitrary<ScoredTrajectory> trajectories(
      Arbitrary<Float> logProb, Arbitrary<Double> reward) {
    return Arbitraries.integers()
        .between(1, 40)
        .flatMap(
            H -> {
              Arbitrary<float[]> logProbs = logProb.array(float[].class).ofSize(H);
              Arbitrary<int[]> tokens =
                  Arbitraries.integers().between(3, 6).array(int[].class).ofSize(H);
              return Combinators.combine(
                      tokens, logProbs, logProbs, logProbs, reward, Arbitraries.of(true, false))
                  .as(TokenRewardSumsTest::scored);
            });
  }

  private static ScoredTrajectory scored(
      int[] tokens,
      float[] policy,
      float[] reference,
      float[] dpo,
      double reward,
      boolean truncated) {
    return ScoredTrajectory.unscored(
            new Trajectory(new Prompt(0, new int[] {1}), 0, tokens, policy, truncated, 0))
        .withReference(reference)
        .withDpo(dpo)
        .withReward(reward);
  }
}
