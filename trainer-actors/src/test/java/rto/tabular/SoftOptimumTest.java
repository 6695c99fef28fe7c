package rto.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SoftOptimumTest {

  private static final Offset<Double> EXACTLY = within(1e-12);
  private static final TokenTree TWO = new TokenTree(2, 2);
  private static final double LN2 = Math.log(2);
  private static final double LN3 = Math.log(3);

  @Test
  void oneTokenByHand() {
    // V* = log(½·3 + ½·1) = log 2;  π*(0) = ½·3/2 = ¾
    TokenTree one = new TokenTree(2, 1);
    SoftOptimum best = SoftOptimum.of(mdp(one, 1, LN3, 0));
    assertThat(best.value()).isCloseTo(LN2, EXACTLY);
    assertThat(probabilities(best.policy())).containsExactly(new double[] {0.75, 0.25}, EXACTLY);
  }

  @Test
  void twoTokensByHand() {
    // after 0: V* = log 2, π* = (¾, ¼);  after 1: V* = 0, π* = (½, ½)
    // prompt: Q* = (log 3 + log 2, 0), V* = log(½·6 + ½) = log 7/2, π*(0) = ½·6/(7/2) = 6/7
    SoftOptimum best = SoftOptimum.of(mdp(TWO, 1, LN3, 0, LN3, 0, 0, 0));
    assertThat(best.stateValues()).containsExactly(new double[] {Math.log(3.5), LN2, 0}, EXACTLY);
    assertThat(best.stepValues())
        .containsExactly(new double[] {Math.log(6), 0, LN3, 0, 0, 0}, EXACTLY);
    assertThat(probabilities(best.policy()))
        .containsExactly(new double[] {6 / 7.0, 1 / 7.0, 0.75, 0.25, 0.5, 0.5}, EXACTLY);
    // ¾ of 6/7
    assertThat(Math.exp(best.policy().logProb(0))).isCloseTo(9 / 14.0, EXACTLY);
    assertThat(best.policy().mode()).isZero();
  }

  @Test
  void betaIsTheUnitOfRewards() {
    // rewards and β three times as large: the same policy, three times the value
    SoftOptimum best = SoftOptimum.of(mdp(TWO, 3, 3 * LN3, 0, 3 * LN3, 0, 0, 0));
    assertThat(best.value()).isCloseTo(3 * Math.log(3.5), EXACTLY);
    assertThat(Math.exp(best.policy().logProb(0))).isCloseTo(9 / 14.0, EXACTLY);
  }

  @Test
  void theValueOfAPolicyByHand() {
    // the reference pays no KL: E Σ r = ½(log 3 + ½ log 3) = ¾ log 3
    TabularMdp mdp = mdp(TWO, 1, LN3, 0, LN3, 0, 0, 0);
    assertThat(mdp.value(mdp.reference())).isCloseTo(0.75 * LN3, EXACTLY);
    // always 0, 0: 2 log 3 less a KL of log 2 for each of both tokens
    double never = Double.NEGATIVE_INFINITY;
    TabularPolicy sure = new TabularPolicy(TWO, new double[] {0, never, 0, never, -LN2, -LN2});
    assertThat(mdp.value(sure)).isCloseTo(2 * LN3 - 2 * LN2, EXACTLY);
    assertThat(mdp.subOptimality(sure)).isCloseTo(Math.log(3.5) - 2 * Math.log(1.5), EXACTLY);
  }

  @Test
  void aRewardThatIsNoPotentialMakesAnotherPolicy() {
    // log 3 more for token 1: π*(0) = 6 / (6 + 3) instead of 6 / (6 + 1)
    SoftOptimum best = SoftOptimum.of(mdp(TWO, 1, LN3, LN3, LN3, 0, 0, 0));
    assertThat(Math.exp(best.policy().logProbs()[0])).isCloseTo(6 / 9.0, EXACTLY);
  }

  @Test
  void aTokenThatTheReferenceNeverTakesIsNeverTaken() {
    double never = Double.NEGATIVE_INFINITY;
    TabularPolicy reference =
        new TabularPolicy(TWO, new double[] {0, never, -LN2, -LN2, -LN2, -LN2});
    SoftOptimum best =
        SoftOptimum.of(new TabularMdp(reference, new double[] {0, 9, 0, 0, 0, 0}, 1));
    assertThat(best.policy().logProbs()[1]).isEqualTo(never);
    assertThat(best.value()).isCloseTo(0, EXACTLY);
  }

  @Test
  void whatIsNoDistributionIsRefused() {
    assertThatThrownBy(() -> new TabularPolicy(TWO, new double[6]))
        .hasMessage("probabilities at node 0: sum 2.0 (expected: 1)");
    assertThatThrownBy(() -> mdp(TWO, 0, 0, 0, 0, 0, 0, 0)).hasMessage("beta: 0.0 (expected: > 0)");
  }

  private static TabularMdp mdp(TokenTree tree, double beta, double... reward) {
    return new TabularMdp(TabularPolicy.uniform(tree), reward, beta);
  }

  private static double[] probabilities(TabularPolicy policy) {
    return Arrays.stream(policy.logProbs()).map(Math::exp).toArray();
  }
}
