package rto.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BradleyTerryFitTest {

  private static final double NO_BALL = 100;

  @Test
  void oneFeatureByHand() {
    // x = 1 chosen three times of four: σ(θ) = ¾, θ = log 3
    List<double[]> rows = new ArrayList<>(Collections.nCopies(3, new double[] {1}));
    rows.add(new double[] {-1});
    assertThat(BradleyTerryFit.maximumLikelihood(rows, NO_BALL)[0])
        .isCloseTo(Math.log(3), within(1e-7));
  }

  @Test
  void aChoiceWithoutErrorsEndsAtTheBall() {
    double[] theta =
        BradleyTerryFit.maximumLikelihood(Collections.nCopies(5, new double[] {3, 4}), 2);
    // along the only direction there is, as far as allowed
    assertThat(theta).containsExactly(new double[] {1.2, 1.6}, within(1e-5));
  }

  @Test
  void insideTheBallTheGradientIsZero() {
    List<double[]> rows = rows(200, 4, 1);
    double[] theta = BradleyTerryFit.maximumLikelihood(rows, NO_BALL);
    assertThat(Vectors.norm(gradient(rows, theta))).isLessThan(1e-6);
  }

  @Test
  void onTheBallTheGradientPointsOutwards() {
    List<double[]> rows = rows(200, 4, 1);
    double[] free = BradleyTerryFit.maximumLikelihood(rows, NO_BALL);
    double ball = Vectors.norm(free) / 2;
    double[] theta = BradleyTerryFit.maximumLikelihood(rows, ball);
    double[] gradient = gradient(rows, theta);
    assertThat(Vectors.norm(theta)).isCloseTo(ball, within(1e-5));
    // Karush, Kuhn, Tucker: gradient = μ θ with μ > 0, so the cosine between them is 1
    double cosine = Vectors.dot(gradient, theta) / (Vectors.norm(gradient) * ball);
    assertThat(cosine).isCloseTo(1, within(1e-5));
  }

  @Test
  void aBallThatRoundingHidesEndsTheSearch() {
    // Newton takes a step for converged from about 1e-16 on, so that no multiplier leads to 1e-17
    List<double[]> rows = List.of(new double[] {1});
    assertThatThrownBy(() -> BradleyTerryFit.maximumLikelihood(rows, 1e-17))
        .hasMessageStartingWith("multiplier: not found after 200 halvings");
  }

  @Test
  void noComparisonsAreRefused() {
    assertThatThrownBy(() -> BradleyTerryFit.maximumLikelihood(List.of(), 1))
        .hasMessage("comparisons: none (expected: at least one)");
  }

  @Test
  void theCholeskyFactorByHand() {
    // M = (4 2; 2 5): L = (2 0; 1 2), M⁻¹ = (5 −2; −2 4)/16
    Cholesky m = new Cholesky(new double[][] {{4, 2}, {2, 5}});
    assertThat(m.solve(new double[] {16, 16})).containsExactly(new double[] {3, 2}, within(1e-12));
    assertThat(m.norm(new double[] {1, -1})).isCloseTo(Math.sqrt(4 - 4 + 5), within(1e-12));
    assertThat(m.inverseNorm(new double[] {1, 1})).isCloseTo(Math.sqrt(5 / 16.0), within(1e-12));
    assertThatThrownBy(() -> new Cholesky(new double[][] {{1, 2}, {2, 1}}))
        .hasMessage("pivot 1: -3.0 (expected: > 0)");
  }

  /** Labels that are wrong in one of four cases. */
  private static List<double[]> rows(int n, int d, long seed) {
    Random random = new Random(seed);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double[] x = random.doubles(d, -1, 1).toArray();
      double sign = x[0] > 0 == random.nextInt(4) > 0 ? 1 : -1;
      rows.add(Vectors.plus(new double[d], sign, x));
    }
    return rows;
  }

  /** Σ (1 − σ(xᵀθ)) x. */
  private static double[] gradient(List<double[]> rows, double[] theta) {
    double[] sum = new double[theta.length];
    for (double[] x : rows) {
      sum = Vectors.plus(sum, 1 - 1 / (1 + Math.exp(-Vectors.dot(x, theta))), x);
    }
    return sum;
  }
}
