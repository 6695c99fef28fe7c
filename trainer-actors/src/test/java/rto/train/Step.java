package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import rto.algorithm.LearningRate;
import rto.algorithm.Objective;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.tensor.ComputePool;

/**
 * One step of {@link Tiny#plainGradient}.
 *
 * @param numbers what the update said: the loss, its metrics, the norm of the gradient
 * @param gradient the change of all weights, which is the gradient
 */
record Step(Map<String, Double> numbers, double[] gradient) {

  /** Of the largest number in the gradient, and of the loss. */
  private static final double RELATIVE = 1e-5;

  static Step between(float[] before, float[] after, Map<String, Double> numbers) {
    double[] gradient = new double[before.length];
    Arrays.setAll(gradient, i -> gradient((double) before[i] - after[i]));
    return new Step(numbers, gradient);
  }

  /** On a copy of the model. */
  static Step of(
      Decoder start,
      Differentiator differentiator,
      Objective objective,
      List<MicroBatch> batch,
      ComputePool pool) {
    Decoder model = start.withWeights(start.weights().copy());
    AdamW optimizer = new AdamW(Tiny.plainGradient(), model.weights());
    LearningRate rate = new LearningRate.Constant(Tiny.GRADIENT_RATE);
    try (Trainee trainee =
        new Trainee(model, differentiator, objective, optimizer, rate, pool, 1)) {
      Map<String, Double> numbers = trainee.update(batch, 1);
      return between(Tiny.values(start.weights()), Tiny.values(model.weights()), numbers);
    }
  }

  static Step mean(List<Step> steps) {
    double[] equal = new double[steps.size()];
    Arrays.fill(equal, 1.0 / steps.size());
    return mean(steps, equal);
  }

  /** Of everything that is a sum over examples: the norm of a mean is no mean of norms. */
  static Step mean(List<Step> steps, double[] weights) {
    double[] gradient = new double[steps.get(0).gradient.length];
    double loss = 0;
    for (int k = 0; k < weights.length; k++) {
      Step step = steps.get(k);
      double weight = weights[k];
      Arrays.setAll(gradient, i -> gradient[i] + weight * step.gradient[i]);
      loss += weight * step.numbers.get("loss");
    }
    return new Step(Map.of("loss", loss), gradient);
  }

  /** Every number that the other has, and the gradient. */
  void assertSame(Step expected, String what) {
    assertThat(expected.numbers).isNotEmpty();
    expected.numbers.forEach(
        (name, number) ->
            assertThat(numbers.get(name))
                .as(what + ", " + name)
                .isCloseTo(number, within(RELATIVE * (1 + Math.abs(number)))));
    double tolerance = RELATIVE * expected.largest();
    assertThat(gradient).hasSameSizeAs(expected.gradient);
    for (int i = 0; i < gradient.length; i++) {
      assertThat(gradient[i]).as(what).isCloseTo(expected.gradient[i], within(tolerance));
    }
  }

  /** Else a tolerance means nothing, or most of the model was not looked at. */
  void assertReachesAllWeights() {
    assertThat(largest()).isGreaterThan(0.01);
    assertThat(Arrays.stream(gradient).filter(g -> g != 0).count()).isGreaterThan(2000);
  }

  private double largest() {
    return Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
  }

  /** The step is g / (1 + |g|/ε), which a large gradient shows. */
  private static double gradient(double step) {
    return step / (1 - Math.abs(step) / Tiny.GRADIENT_RATE);
  }
}
