package rto.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * How near to the best policy Algorithm 1 comes with more and more preferences. Each seed is
 * another linear MDP; its preferences are labelled by its true reward, on responses of its
 * reference policy, and more of them include the fewer.
 *
 * @param tree of every MDP
 * @param dimensions d
 * @param length ‖θ*‖
 * @param beta β
 * @param ridge λ
 * @param delta the guaranteed ϱ may be too small with this probability
 */
public record PreferenceCurve(
    TokenTree tree, int dimensions, double length, double beta, double ridge, double delta) {

  /** V* − V^π̂ with {@code preferences} comparisons, one entry per seed, for three ϱ. */
  public record Point(int preferences, List<Sample> samples) {}

  /**
   * One seed.
   *
   * @param reference V* − V^π_ref: what there is to gain
   * @param plain with ϱ = 0: no pessimism
   * @param root with ϱ = √d: the order that the theorem names
   * @param guaranteed with {@link PessimisticLearner#radius}
   * @param bound of the theorem, for {@code guaranteed}
   * @param covered whether θ* was within {@code √d} of θ_MLE
   */
  public record Sample(
      double reference,
      double plain,
      double root,
      double guaranteed,
      double bound,
      boolean covered) {}

  /**
   * Computes all points.
   *
   * @param preferences numbers of comparisons, rising
   * @param done is told how many seeds are done
   */
  public List<Point> points(List<Integer> preferences, int seeds, long seed, IntConsumer done) {
    List<List<Sample>> columns = new ArrayList<>();
    SplittableRandom mixed = new SplittableRandom(seed); // nearby seeds of Random begin alike
    for (int k = 0; k < seeds; k++) {
      columns.add(seed(preferences, new Random(mixed.nextLong())));
      done.accept(k + 1);
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < preferences.size(); i++) {
      int row = i;
      points.add(
          new Point(preferences.get(i), columns.stream().map(column -> column.get(row)).toList()));
    }
    return points;
  }

  private List<Sample> seed(List<Integer> preferences, Random random) {
    LinearMdp truth = LinearMdp.random(tree, dimensions, length, beta, random);
    PessimisticLearner learner = truth.learner(ridge);
    List<PreferenceModel.Comparison> all =
        new PreferenceModel(truth.mdp())
            .sample(truth.mdp().reference(), preferences.get(preferences.size() - 1), random);
    return preferences.stream()
        .map(n -> sample(truth, learner, learner.estimate(all.subList(0, n))))
        .toList();
  }

  private Sample sample(
      LinearMdp truth, PessimisticLearner learner, PessimisticLearner.Estimate estimate) {
    double root = Math.sqrt(dimensions);
    SubOptimality guaranteed =
        SubOptimality.of(truth.mdp(), learner, estimate, learner.radius(estimate, delta));
    return new Sample(
        truth.mdp().subOptimality(truth.mdp().reference()),
        SubOptimality.of(truth.mdp(), learner, estimate, 0).gap(),
        SubOptimality.of(truth.mdp(), learner, estimate, root).gap(),
        guaranteed.gap(),
        guaranteed.bound(),
        estimate.error(truth.theta()) <= root);
  }
}
