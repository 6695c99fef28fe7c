package rto.tabular;

import java.util.Random;
import java.util.stream.DoubleStream;

/**
 * An MDP whose reward is linear in features, as Algorithm 1 assumes.
 *
 * @param theta θ* [d]
 */
public record LinearMdp(TabularMdp mdp, Features features, double[] theta) {

  /**
   * A random one: features and θ* of any direction, ‖φ‖ at most 1, and a reference policy that
   * likes some tokens e or e² times more than others.
   *
   * @param d features
   * @param length ‖θ*‖
   */
  public static LinearMdp random(TokenTree tree, int d, double length, double beta, Random random) {
    double[][] phi = new double[tree.steps()][];
    for (int i = 0; i < phi.length; i++) {
      phi[i] = direction(d, random.nextDouble(), random);
    }
    Features features = new Features(tree, phi);
    double[] theta = direction(d, length, random);
    TabularPolicy reference =
        TabularPolicy.softmax(tree, random.doubles(tree.steps(), 0, 2).toArray());
    return new LinearMdp(new TabularMdp(reference, features.reward(theta), beta), features, theta);
  }

  /** The learner that knows the features, the reference and ‖θ*‖, but not θ*. */
  public PessimisticLearner learner(double ridge) {
    return new PessimisticLearner(
        features, mdp.reference(), mdp.beta(), ridge, Vectors.norm(theta));
  }

  private static double[] direction(int d, double length, Random random) {
    double[] x = DoubleStream.generate(random::nextGaussian).limit(d).toArray();
    double scale = length / Vectors.norm(x);
    for (int i = 0; i < d; i++) {
      x[i] *= scale;
    }
    return x;
  }
}
