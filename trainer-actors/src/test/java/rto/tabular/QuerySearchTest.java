package rto.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How many rewards must be asked for to find the best response [P §3.2]. */
class QuerySearchTest {

  private static final int RANDOM = 50;

  @Test
  void theExampleOfThePaper() {
    QueryCounts.Row row = QueryCounts.of(2, 3, 1, RANDOM, 1);
    assertThat(row.bySentences()).isEqualTo(8);
    assertThat(row.byTokens()).isLessThanOrEqualTo(4);
    assertThat(row.widest()).isEqualTo(4);
    assertThat(row.found()).isEqualTo(row.instances()).isEqualTo(RANDOM + 1);
  }

  @Test
  void theHardestInstanceByHand() {
    // A = 2, H = 3, ξ = 1: both tokens ½ at the first place, then token 0 for sure.
    // Place 1 asks 2, place 2 asks 2 after each of 2, place 3 too: 2 + 4 + 4 = 10 = 3⅓ responses
    TabularMdp mdp = QueryCounts.hardest(new TokenTree(2, 3), 1);
    QuerySearch.Found found = QuerySearch.byTokens(mdp.reference(), mdp.beta(), 1, step -> 0);
    assertThat(found.asked()).containsExactly(2, 4, 4);
    assertThat(found.responses()).isEqualTo(10 / 3.0);
    assertThat(found.response()).isZero();
  }

  static Stream<Arguments> sizes() {
    return Stream.of(2, 3, 4)
        .flatMap(
            a ->
                Stream.of(1, 2, 3, 4, 5, 6)
                    .flatMap(h -> Stream.of(1, 2, 3).map(xi -> Arguments.of(a, h, xi))));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void tokensNeedNoMoreThanTheFormulaAndSentencesNeedAll(int tokens, int horizon, int xi) {
    QueryCounts.Row row = QueryCounts.of(tokens, horizon, xi, RANDOM, 1);
    assertThat(row.found()).isEqualTo(row.instances());
    assertThat(row.bySentences()).isEqualTo(Math.round(Math.pow(tokens, horizon)));
    assertThat(row.byTokens()).isLessThanOrEqualTo(row.formula());
    // the formula is reached at the widest place, so no smaller one would do
    assertThat(row.widest()).isEqualTo(row.formula());
  }

  @Test
  void everyQuestionIsCounted() {
    Random random = new Random(1);
    TokenTree tree = new TokenTree(3, 4);
    TabularMdp mdp = QueryCounts.withLikelyResponse(QueryCounts.random(tree, random), 1, random);
    double[] dpo = DpoReward.of(SoftOptimum.of(mdp).policy(), mdp.reference(), mdp.beta());
    AtomicLong questions = new AtomicLong();
    QuerySearch.Found found =
        QuerySearch.byTokens(
            mdp.reference(),
            mdp.beta(),
            1,
            step -> {
              questions.incrementAndGet();
              return dpo[step];
            });
    assertThat(found.responses() * 4).isEqualTo(questions.get());
    assertThat(questions.get()).isLessThan(4L * 81);
  }

  /**
   * Why sentences need all: for every response there is an MDP that differs from a given one in
   * nothing but that response's reward, and has it as its best response, as likely as ξ demands.
   */
  @Test
  void aResponseThatWasNotAskedAboutCouldBeTheBest() {
    TokenTree tree = new TokenTree(2, 3);
    TabularMdp mdp = QueryCounts.random(tree, new Random(1));
    for (int hidden = 0; hidden < tree.responses(); hidden++) {
      double[] reward = mdp.reward().clone();
      reward[tree.path(hidden)[2]] += 100;
      TabularMdp other = mdp.withReward(reward);
      for (int y = 0; y < tree.responses(); y++) {
        if (y != hidden) {
          assertThat(other.sentenceReward(y)).isEqualTo(mdp.sentenceReward(y));
        }
      }
      TabularPolicy best = SoftOptimum.of(other).policy();
      assertThat(best.mode()).isEqualTo(hidden);
      assertThat(best.logProb(hidden)).isGreaterThan(-Math.log(2));
    }
  }

  /** The promise is needed: a ξ too small drops every prefix, and the search says so. */
  @Test
  void aXiThatNoResponseReachesIsRefused() {
    TabularMdp mdp = new TabularMdp(TabularPolicy.uniform(new TokenTree(2, 3)), new double[14], 1);
    assertThatThrownBy(() -> QuerySearch.byTokens(mdp.reference(), 1, 1, step -> 0))
        .hasMessage("xi: 1.0 (expected: A^-xi <= the largest pi*(y))");
  }

  /** r alone does not tell π*: with the raw reward in place of r* the search can miss the best. */
  @Test
  void theRawRewardDoesNotTellWhichPrefixIsLikely() {
    TokenTree tree = new TokenTree(2, 3);
    Random random = new Random(1);
    int missed = 0;
    for (int i = 0; i < 50; i++) {
      TabularMdp mdp = QueryCounts.withLikelyResponse(QueryCounts.random(tree, random), 1, random);
      TabularPolicy best = SoftOptimum.of(mdp).policy();
      try {
        QuerySearch.Found found =
            QuerySearch.byTokens(mdp.reference(), mdp.beta(), 1, step -> mdp.reward()[step]);
        missed += found.response() == best.mode() ? 0 : 1;
      } catch (IllegalArgumentException everythingDropped) {
        missed++;
      }
    }
    assertThat(missed).isPositive();
  }
}
