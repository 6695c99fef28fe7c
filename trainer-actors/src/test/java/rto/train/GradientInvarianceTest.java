package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.DpoLoss;
import rto.lm.Decoder;
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
    RtoSettings settings = Tiny.rto(1, 1, EXAMPLES, microBatch, Tiny.GRADIENT_RATE);
    try (ComputePool pool = new ComputePool("test", threads);
        PolicyLearner learner =
            new PolicyLearner(settings, Tiny.plainGradient(), policy, reward, temp, pool, 1)) {
      learner.restore(Optional.empty());
      learner.learn(0, trajectories);
      Path checkpoint = learner.writeCheckpoint();
      return new Learned(parameters(checkpoint, "policy"), parameters(checkpoint, "critic"));
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
    double largest = 0;
    for (int i = 0; i < after.length; i++) {
      largest = Math.max(largest, Math.abs(after[i] - before[i]));
    }
    assertThat(largest).isGreaterThan(10_000 * tolerance);
  }

  private static void assertSame(float[] actual, float[] expected, String what) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as(what).isCloseTo(expected[i], within(TOLERANCE));
    }
  }
}
