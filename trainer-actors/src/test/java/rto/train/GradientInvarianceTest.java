package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.DpoLoss;
import rto.algorithm.LearningRate;
import rto.algorithm.PpoLoss;
import rto.algorithm.TokenRewardVariant;
import rto.algorithm.TokenWeights;
import rto.algorithm.Whitening;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Sequence;
import rto.lm.io.HfCheckpoint;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.tensor.ComputePool;

/**
 * What a batch teaches depends on the examples in it, not on how it is cut, ordered or padded, nor
 * on how many threads work on it.
 *
 * <p>Every stage here takes one step of {@link Tiny#plainGradient}, so the change of the weights is
 * the gradient.
 */
class GradientInvarianceTest {

  private static final double TOLERANCE = 1e-6;
  private static final int EXAMPLES = 12;
  private static final RtoSettings ONE_STEP =
      Tiny.rto(1, 1, EXAMPLES, EXAMPLES, Tiny.GRADIENT_RATE);

  /** Responses have 1 to 20 tokens: from batches that are mostly padding to one at a time. */
  private static final int[] CUTS = {5, 2, 1};

  @TempDir Path temp;
  private Decoder language;
  private Path policy;
  private Path reward;

  @BeforeEach
  void start() {
    language = Tiny.language(1);
    policy = Tiny.saved(Tiny.language(1), temp.resolve("policy"));
    reward = Tiny.saved(Tiny.scalar(2), temp.resolve("reward"));
  }

  @AfterEach
  void end() {
    language.close();
  }

  @Test
  void likelihoodTrainingDoesNotDependOnTheCut() {
    List<Sequence> examples = Tiny.sequences(EXAMPLES, 1);
    float[] whole = sft(examples, EXAMPLES, 1);
    for (int cut : CUTS) {
      assertSame(sft(examples, cut, 1), whole, "micro-batches of " + cut);
    }
    assertSame(sft(reversed(examples), 5, 1), whole, "another order");
    assertFarAbove(TOLERANCE, whole, Tiny.values(language.weights()));
  }

  @Test
  void preferenceTrainingDoesNotDependOnTheCut() {
    List<Pair> pairs = Tiny.pairs(EXAMPLES, 1);
    float[] whole = dpo(pairs, 2 * EXAMPLES, 1);
    for (int cut : CUTS) {
      assertSame(dpo(pairs, 2 * cut, 1), whole, "micro-batches of " + 2 * cut);
    }
    assertSame(dpo(reversed(pairs), 10, 1), whole, "another order");
    assertFarAbove(TOLERANCE, whole, Tiny.values(language.weights()));
  }

  @Test
  void rewardTrainingDoesNotDependOnTheCut() {
    List<Pair> pairs = Tiny.pairs(EXAMPLES, 1);
    float[] whole = reward(pairs, 2 * EXAMPLES, 1);
    for (int cut : CUTS) {
      assertSame(reward(pairs, 2 * cut, 1), whole, "micro-batches of " + 2 * cut);
    }
    assertSame(reward(reversed(pairs), 10, 1), whole, "another order");
  }

  @Test
  void policyAndCriticDoNotDependOnTheCut() {
    List<ScoredTrajectory> trajectories = trajectories(1);
    Learned whole = ppo(trajectories, EXAMPLES, 1);
    for (int cut : CUTS) {
      assertSame(ppo(trajectories, cut, 1), whole, "micro-batches of " + cut);
    }
    assertSame(ppo(reversed(trajectories), 5, 1), whole, "another order");
    assertFarAbove(TOLERANCE, whole.policy(), Tiny.values(language.weights()));
  }

  @Test
  void thePolicyDoesNotDependOnTheCutWithoutACriticEither() {
    for (TokenRewardVariant variant : TokenRewardVariant.values()) {
      RtoSettings free = Tiny.with(Tiny.with(ONE_STEP, variant), AdvantageVariant.RETURN_TO_GO);
      List<ScoredTrajectory> trajectories = trajectories(1);
      float[] whole = policy(free, trajectories, EXAMPLES);
      double tolerance = 1e-5 * largestChange(whole, Tiny.values(language.weights()));
      for (int cut : CUTS) {
        float[] parts = policy(free, trajectories, cut);
        assertSame(parts, whole, tolerance, variant + ", micro-batches of " + cut);
      }
      float[] backwards = policy(free, reversed(trajectories), 5);
      assertSame(backwards, whole, tolerance, variant + ", another order");
    }
  }

  /**
   * Responses to prompts of 2 to 5 tokens learn together what each kind of prompt learns alone:
   * with equal weights per response, the gradient of the mix is the mean of the parts' gradients.
   * Advantages are whitened over the iteration, so they are the same here for all.
   */
  @Test
  void aMixOfPromptLengthsTeachesTheMeanOfWhatEachTeaches() {
    List<ScoredTrajectory> all = new ArrayList<>(trajectories(1));
    all.sort(Comparator.comparingInt(s -> s.trajectory().prompt().tokens().length));
    List<Integer> first = IntStream.range(0, EXAMPLES / 2).boxed().toList();
    List<Integer> second = IntStream.range(EXAMPLES / 2, EXAMPLES).boxed().toList();
    List<Integer> mixed = IntStream.range(0, EXAMPLES).boxed().toList();
    float[] start = Tiny.values(language.weights());
    float[] a = step(all, first);
    float[] b = step(all, second);
    float[] both = step(all, mixed);
    float[] mean = new float[start.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (a[i] + b[i]) / 2;
    }
    assertSame(both, mean, "a mix of prompt lengths");
    assertFarAbove(TOLERANCE, both, start);
  }

  /** The policy after one step of the policy loss on some of the responses. */
  private float[] step(List<ScoredTrajectory> all, List<Integer> places) {
    List<float[]> old = all.stream().map(s -> s.trajectory().logProbs()).toList();
    List<float[]> advantages =
        Whitening.whiten(all.stream().map(s -> s.reference().orElseThrow()).toList());
    Minibatch minibatch =
        new Minibatch(Scoring.sequences(all), places, TokenWeights.SEQUENCE_MEAN, 4);
    Decoder copy = language.withWeights(language.weights().copy());
    try (ComputePool pool = new ComputePool("test", 1);
        Trainee trainee =
            new Trainee(
                copy,
                Differentiator.Read.EVERY_TOKEN,
                new PpoLoss(0.2),
                new AdamW(Tiny.plainGradient(), copy.weights()),
                new LearningRate.Constant(Tiny.GRADIENT_RATE),
                pool)) {
      trainee.update(minibatch.micros(old, advantages), 1);
      return Tiny.values(trainee.model().weights());
    }
  }

  @Test
  void threadsDoNotChangeABit() {
    assertThreadsDoNotMatter(threads -> sft(Tiny.sequences(EXAMPLES, 1), 2, threads));
    assertThreadsDoNotMatter(threads -> dpo(Tiny.pairs(EXAMPLES, 1), 4, threads));
    assertThreadsDoNotMatter(threads -> reward(Tiny.pairs(EXAMPLES, 1), 4, threads));
    assertThreadsDoNotMatter(threads -> ppo(trajectories(1), 2, threads).policy());
    assertThreadsDoNotMatter(threads -> ppo(trajectories(1), 2, threads).critic());
  }

  private static void assertThreadsDoNotMatter(IntFunction<float[]> training) {
    float[] one = training.apply(1);
    assertThat(training.apply(2)).isEqualTo(one);
    assertThat(training.apply(3)).isEqualTo(one);
  }

  private float[] sft(List<Sequence> examples, int microBatch, int threads) {
    try (ComputePool pool = new ComputePool("test", threads);
        Decoder model = language.withWeights(language.weights().copy())) {
      new SftStage(oneStep(microBatch), pool).run(model, examples, 1);
      return Tiny.values(model.weights());
    }
  }

  private float[] dpo(List<Pair> pairs, int microBatch, int threads) {
    try (ComputePool pool = new ComputePool("test", threads);
        Decoder model =
            new PreferenceStage(oneStep(microBatch), pool)
                .run(language, new DpoLoss(0.1, 0.1), pairs, 1)) {
      return Tiny.values(model.weights());
    }
  }

  private float[] reward(List<Pair> pairs, int microBatch, int threads) {
    try (ComputePool pool = new ComputePool("test", threads);
        Decoder model =
            new RewardModelStage(oneStep(microBatch), pool)
                .run(language, pairs, pairs, 1)
                .model()) {
      return Tiny.values(model.weights());
    }
  }

  private TrainingLoop oneStep(int microBatch) {
    StageSettings settings = new StageSettings(1, EXAMPLES, microBatch, Tiny.GRADIENT_RATE);
    return Tiny.loop("one step", settings, Tiny.plainGradient(), temp);
  }

  private record Learned(float[] policy, float[] critic) {}

  private Learned ppo(List<ScoredTrajectory> trajectories, int microBatch, int threads) {
    Path checkpoint = learned(ONE_STEP, trajectories, microBatch, threads);
    return new Learned(parameters(checkpoint, "policy"), parameters(checkpoint, "critic"));
  }

  private float[] policy(
      RtoSettings settings, List<ScoredTrajectory> trajectories, int microBatch) {
    return parameters(learned(settings, trajectories, microBatch, 1), "policy");
  }

  private Path learned(
      RtoSettings whole, List<ScoredTrajectory> trajectories, int microBatch, int threads) {
    RtoSettings settings = Tiny.with(whole, "microBatch", microBatch);
    try (ComputePool pool = new ComputePool("test", threads);
        PolicyLearner learner =
            new PolicyLearner(
                settings,
                settings.rule(Tiny::vocabulary),
                Tiny.plainGradient(),
                policy,
                reward,
                temp,
                pool,
                1)) {
      learner.restore(Optional.empty());
      learner.learn(0, trajectories);
      return learner.writeCheckpoint();
    }
  }

  private static float[] parameters(Path checkpoint, String name) {
    try (Decoder model = HfCheckpoint.load(checkpoint.resolve(name))) {
      return Tiny.values(model.weights());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sampled by a policy a little off the present one, so that ratios are not 1. */
  private static List<ScoredTrajectory> trajectories(long seed) {
    Random random = new Random(seed);
    List<Sequence> sequences = Tiny.sequences(EXAMPLES, seed);
    try (Decoder policy = Tiny.language(1);
        Decoder other = Tiny.language(9)) {
      List<float[]> logProbs = policy.logProbs(sequences, 1, EXAMPLES);
      List<float[]> reference = other.logProbs(sequences, 1, EXAMPLES);
      List<ScoredTrajectory> scored = new ArrayList<>();
      for (int i = 0; i < EXAMPLES; i++) {
        Sequence s = sequences.get(i);
        float[] old = logProbs.get(i).clone();
        for (int h = 0; h < old.length; h++) {
          old[h] += (float) (0.1 * random.nextGaussian());
        }
        scored.add(
            ScoredTrajectory.unscored(
                    new Trajectory(new Prompt(i, s.prompt()), 0, s.response(), old, false, 0))
                .withReference(reference.get(i))
                .withDpo(logProbs.get(i))
                .withReward(random.nextGaussian()));
      }
      return scored;
    }
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> other = new ArrayList<>(list);
    Collections.reverse(other);
    return other;
  }

  private static void assertSame(Learned actual, Learned expected, String what) {
    assertSame(actual.policy(), expected.policy(), what + ", policy");
    assertSame(actual.critic(), expected.critic(), what + ", critic");
  }

  /** The gradient is large enough for the tolerance to mean something. */
  private static void assertFarAbove(double tolerance, float[] after, float[] before) {
    assertThat(largestChange(after, before)).isGreaterThan(10_000 * tolerance);
  }

  private static double largestChange(float[] after, float[] before) {
    double largest = 0;
    for (int i = 0; i < after.length; i++) {
      largest = Math.max(largest, Math.abs(after[i] - before[i]));
    }
    return largest;
  }

  private static void assertSame(float[] actual, float[] expected, String what) {
    assertSame(actual, expected, TOLERANCE, what);
  }

  private static void assertSame(float[] actual, float[] expected, double tolerance, String what) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as(what).isCloseTo(expected[i], within(tolerance));
    }
  }
}
