package rto.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** The identities of [P §3, §4] on any tree, against sums over all responses. */
class TabularPropertiesTest {

  private static final Offset<Double> EXACTLY = within(1e-9);

  /** π*(y) = π_ref(y) exp(R(y)/β) / Z and V* = β log Z: the bandit's solution [P eq. 2.4]. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theBestPolicyOfTheTreeIsThatOfTheBandit(
      @ForAll @IntRange(min = 2, max = 4) int tokens,
      @ForAll @IntRange(min = 1, max = 4) int horizon,
      @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
      @ForAll long seed) {
    TabularMdp mdp = mdp(tokens, horizon, beta, new Random(seed));
    double[] tilted =
        responses(mdp)
            .mapToDouble(y -> Math.exp(mdp.reference().logProb(y) + mdp.sentenceReward(y) / beta))
            .toArray();
    double z = IntStream.range(0, tilted.length).mapToDouble(y -> tilted[y]).sum();
    SoftOptimum best = SoftOptimum.of(mdp);
    assertThat(best.value()).isCloseTo(beta * Math.log(z), EXACTLY);
    responses(mdp)
        .forEach(
            y -> assertThat(Math.exp(best.policy().logProb(y))).isCloseTo(tilted[y] / z, EXACTLY));
  }

  /** V_β^π = Σ_y π(y) (R(y) − β log(π(y)/π_ref(y))). */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theValueOfAPolicyIsASumOverResponses(
      @ForAll @IntRange(min = 2, max = 4) int tokens,
      @ForAll @IntRange(min = 1, max = 4) int horizon,
      @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
      @ForAll long seed) {
    Random random = new Random(seed);
    TabularMdp mdp = mdp(tokens, horizon, beta, random);
    TabularPolicy policy = mdp(tokens, horizon, beta, random).reference();
    double sum =
        responses(mdp)
            .mapToDouble(
                y ->
                    Math.exp(policy.logProb(y))
                        * (mdp.sentenceReward(y)
                            - beta * (policy.logProb(y) - mdp.reference().logProb(y))))
            .sum();
    assertThat(mdp.value(policy)).isCloseTo(sum, EXACTLY);
  }

  /** V* − V^π = β E_π Σ KL(π ‖ π*): never negative, and 0 for π* alone. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void whatAPolicyLacksIsItsDivergenceFromTheBest(
      @ForAll @IntRange(min = 2, max = 4) int tokens,
      @ForAll @IntRange(min = 1, max = 4) int horizon,
      @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
      @ForAll long seed) {
    Random random = new Random(seed);
    TabularMdp mdp = mdp(tokens, horizon, beta, random);
    TabularPolicy policy = mdp(tokens, horizon, beta, random).reference();
    TabularPolicy best = SoftOptimum.of(mdp).policy();
    assertThat(mdp.subOptimality(policy))
        .isCloseTo(beta * policy.divergence(best), EXACTLY)
        .isPositive();
    assertThat(mdp.subOptimality(best)).isCloseTo(0, EXACTLY);
  }

  /** [P eq. 4.5]: r* = r + V*(s') − V*(s) makes the same policy, and says the same of any pair. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theDpoRewardIsTheRewardPlusAPotential(
      @ForAll @IntRange(min = 2, max = 4) int tokens,
      @ForAll @IntRange(min = 1, max = 4) int horizon,
      @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
      @ForAll long seed) {
    Random random = new Random(seed);
    TabularMdp mdp = mdp(tokens, horizon, beta, random);
    TokenTree tree = mdp.tree();
    SoftOptimum best = SoftOptimum.of(mdp);
    double[] v = best.stateValues();
    double[] dpo = DpoReward.of(best.policy(), mdp.reference(), beta);
    for (int i = 0; i < dpo.length; i++) {
      double after = tree.completes(i) ? 0 : v[tree.after(i)];
      assertThat(dpo[i]).isCloseTo(mdp.reward()[i] + after - v[tree.before(i)], EXACTLY);
    }
    TabularMdp implied = mdp.withReward(dpo);
    SoftOptimum again = SoftOptimum.of(implied);
    assertThat(again.value()).isCloseTo(0, EXACTLY);
    assertThat(again.policy().logProbs()).containsExactly(best.policy().logProbs(), EXACTLY);
    int first = random.nextInt(tree.responses());
    int second = random.nextInt(tree.responses());
    assertThat(new PreferenceModel(implied).probability(first, second))
        .isCloseTo(new PreferenceModel(mdp).probability(first, second), EXACTLY);
  }

  @Property(tries = 20)
  void samplesAreAsFrequentAsTheirProbability(@ForAll long seed) {
    Random random = new Random(seed);
    TabularPolicy policy = mdp(2, 2, 1, random).reference();
    int[] counts = new int[4];
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      counts[policy.sample(random)]++;
    }
    for (int y = 0; y < counts.length; y++) {
      // five standard deviations of a share, at most 5 · ½ / √n
      assertThat(counts[y] / (double) n).isCloseTo(Math.exp(policy.logProb(y)), within(0.018));
    }
  }

  private static TabularMdp mdp(int tokens, int horizon, double beta, Random random) {
    TabularMdp mdp = QueryCounts.random(new TokenTree(tokens, horizon), random);
    return new TabularMdp(mdp.reference(), mdp.reward(), beta);
  }

  private static IntStream responses(TabularMdp mdp) {
    return IntStream.range(0, mdp.tree().responses());
  }
}
