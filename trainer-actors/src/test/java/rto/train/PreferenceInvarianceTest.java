package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rto.algorithm.DpoLoss;
import rto.algorithm.IpoLoss;
import rto.algorithm.LearningRate;
import rto.algorithm.PreferenceLoss;
import rto.algorithm.RDpoLoss;
import rto.algorithm.SimPoLoss;
import rto.algorithm.Tdpo1Loss;
import rto.algorithm.Tdpo2Loss;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.tensor.ComputePool;

/**
 * What pairs teach, by any preference loss, depends on the pairs and not on how they are cut into
 * micro-batches, ordered, mixed with others or padded. The policy is far from the reference here,
 * so that every term of a loss has its part.
 */
class PreferenceInvarianceTest {

  private static final int PAIRS = 12;

  /** Of the largest number in the gradient, and of the loss. */
  private static final double RELATIVE = 1e-5;

  private static ComputePool pool;
  private static Decoder policy;
  private static Decoder reference;

  /** All numbers of one step, and the gradient that it took. */
  private record Step(Map<String, Double> numbers, double[] gradient) {}

  static Stream<PreferenceLoss> losses() {
    return Stream.of(
        new DpoLoss(0.1, 0),
        new DpoLoss(0.1, 0.2),
        new IpoLoss(0.5),
        new RDpoLoss(0.1, 0.02),
        new SimPoLoss(2.5, OptionalDouble.of(0.5), OptionalDouble.empty()),
        new Tdpo1Loss(0.1),
        new Tdpo2Loss(0.1, 0.5));
  }

  @BeforeAll
  static void start() {
    pool = new ComputePool("test", 2);
    policy = Tiny.language(1);
    reference = Tiny.language(9);
  }

  @AfterAll
  static void end() {
    policy.close();
    reference.close();
    pool.close();
  }

  @Test
  void noLossIsForgotten() {
    assertThat(losses().<Class<?>>map(PreferenceLoss::getClass).distinct())
        .containsExactlyInAnyOrder(PreferenceLoss.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void neitherAccumulationNorPackingMatters(PreferenceLoss loss) {
    List<Pair> pairs = Tiny.pairs(PAIRS, 1);
    Step whole = step(loss, pairs, PAIRS);
    assertThat(Arrays.stream(whole.gradient()).filter(g -> g != 0).count()).isGreaterThan(2000);
    assertThat(largest(whole.gradient())).isGreaterThan(0.01);
    for (int atOnce : new int[] {5, 2, 1}) {
      assertSame(step(loss, pairs, atOnce), whole);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theOrderOfTheBatchDoesNotMatter(PreferenceLoss loss) {
    List<Pair> pairs = Tiny.pairs(PAIRS, 2);
    List<Pair> other = new ArrayList<>(pairs);
    Collections.shuffle(other, new Random(3));
    assertSame(step(loss, other, 5), step(loss, pairs, 5));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void neitherPaddingNorTheMixOfPromptLengthsMatters(PreferenceLoss loss) {
    // Prompts of 2 to 5 tokens beside one of 30, which pads all others when they go together; alone
    // they are not padded at all. The gradient of a mean is the mean of the gradients.
    List<Pair> pairs = new ArrayList<>(Tiny.pairs(5, 4));
    pairs.add(pairWithPrompt(30));
    Step together = step(loss, pairs, pairs.size());
    List<Step> alone = pairs.stream().map(pair -> step(loss, List.of(pair), 1)).toList();
    assertSame(together, mean(alone));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void threadsDoNotChangeABit(PreferenceLoss loss) {
    List<Pair> pairs = Tiny.pairs(PAIRS, 5);
    try (ComputePool one = new ComputePool("one", 1);
        ComputePool three = new ComputePool("three", 3)) {
      assertThat(step(loss, pairs, 2, three).gradient())
          .containsExactly(step(loss, pairs, 2, one).gradient());
    }
  }

  private static Step step(PreferenceLoss loss, List<Pair> pairs, int pairsAtOnce) {
    return step(loss, pairs, pairsAtOnce, pool);
  }

  /** One step of {@link Tiny#plainGradient} changes the weights by the gradient. */
  private static Step step(
      PreferenceLoss loss, List<Pair> pairs, int pairsAtOnce, ComputePool threads) {
    PreferenceBatches batches =
        new PreferenceBatches(loss, reference, pairs, 2 * pairsAtOnce, threads);
    Decoder model = policy.withWeights(policy.weights().copy());
    AdamW optimizer = new AdamW(Tiny.plainGradient(), model.weights());
    try (Trainee trainee =
        new Trainee(
            model,
            batches.differentiator(),
            loss,
            optimizer,
            new LearningRate.Constant(Tiny.GRADIENT_RATE),
            threads)) {
      int[] all = IntStream.range(0, pairs.size()).toArray();
      Map<String, Double> numbers = trainee.update(batches.of(all), 1);
      float[] before = Tiny.values(policy.weights());
      float[] after = Tiny.values(model.weights());
      double[] gradient = new double[before.length];
      Arrays.setAll(gradient, i -> gradient((double) before[i] - after[i]));
      return new Step(numbers, gradient);
    }
  }

  /** The step is g / (1 + |g|/ε), which a large gradient shows. */
  private static double gradient(double step) {
    return step / (1 - Math.abs(step) / Tiny.GRADIENT_RATE);
  }

  private static Pair pairWithPrompt(int tokens) {
    Random random = new Random(6);
    int[] prompt = Tiny.tokens(tokens, random);
    return new Pair(
        new Sequence(prompt, Tiny.tokens(7, random)), new Sequence(prompt, Tiny.tokens(3, random)));
  }

  /** Of everything that is a sum over pairs: the norm of a mean is no mean of norms. */
  private static Step mean(List<Step> steps) {
    double[] gradient = new double[steps.get(0).gradient().length];
    for (Step step : steps) {
      Arrays.setAll(gradient, i -> gradient[i] + step.gradient()[i] / steps.size());
    }
    double loss = steps.stream().mapToDouble(s -> s.numbers().get("loss")).average().orElseThrow();
    return new Step(Map.of("loss", loss), gradient);
  }

  private static void assertSame(Step actual, Step expected) {
    expected
        .numbers()
        .forEach(
            (name, number) ->
                assertThat(actual.numbers().get(name))
                    .as(name)
                    .isCloseTo(number, within(RELATIVE * (1 + Math.abs(number)))));
    double tolerance = RELATIVE * largest(expected.gradient());
    for (int i = 0; i < expected.gradient().length; i++) {
      assertThat(actual.gradient()[i]).isCloseTo(expected.gradient()[i], within(tolerance));
    }
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }
}
