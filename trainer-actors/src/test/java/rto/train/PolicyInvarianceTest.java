package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.Objective;
import rto.algorithm.PpoLoss;
import rto.algorithm.TokenRewardVariant;
import rto.algorithm.TokenWeights;
import rto.algorithm.ValueLoss;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Sequence;
import rto.lm.io.HfCheckpoint;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.tensor.ComputePool;

/**
 * What an iteration teaches policy and critic depends on the trajectories in it, not on how they
 * are cut, ordered or padded, nor on how many threads work on them.
 */
class PolicyInvarianceTest {

  private static final int RESPONSES = 12;
  private static final RtoSettings ONE_STEP =
      Tiny.rto(1, 1, RESPONSES, RESPONSES, Tiny.GRADIENT_RATE);

  /** Responses have 1 to 20 tokens: from batches that are mostly padding to one at a time. */
  private static final int[] CUTS = {5, 2, 1};

  @TempDir Path temp;
  private Decoder policy;
  private Decoder critic;
  private Path policyFolder;
  private Path criticFolder;

  @BeforeEach
  void start() {
    policy = Tiny.language(1);
    critic = Tiny.scalar(2);
    policyFolder = Tiny.saved(Tiny.language(1), temp.resolve("policy"));
    criticFolder = Tiny.saved(Tiny.scalar(2), temp.resolve("reward"));
  }

  @AfterEach
  void end() {
    policy.close();
    critic.close();
  }

  @Test
  void policyAndCriticDoNotDependOnTheCut() {
    List<ScoredTrajectory> trajectories = trajectories(Tiny.sequences(RESPONSES, 1));
    Learned whole = learn(ONE_STEP, trajectories, RESPONSES, 1);
    whole.policy().assertReachesAllWeights();
    whole.critic().orElseThrow().assertReachesAllWeights();
    for (int cut : CUTS) {
      learn(ONE_STEP, trajectories, cut, 1).assertSame(whole, "micro-batches of " + cut);
    }
    learn(ONE_STEP, reversed(trajectories), 5, 1).assertSame(whole, "another order");
  }

  @Test
  void thePolicyDoesNotDependOnTheCutWithoutACriticEither() {
    List<ScoredTrajectory> trajectories = trajectories(Tiny.sequences(RESPONSES, 1));
    for (TokenRewardVariant variant : TokenRewardVariant.values()) {
      RtoSettings free = Tiny.with(Tiny.with(ONE_STEP, variant), AdvantageVariant.RETURN_TO_GO);
      Learned whole = learn(free, trajectories, RESPONSES, 1);
      whole.policy().assertReachesAllWeights();
      for (int cut : CUTS) {
        Learned parts = learn(free, trajectories, cut, 1);
        parts.assertSame(whole, variant + ", micro-batches of " + cut);
      }
      learn(free, reversed(trajectories), 5, 1).assertSame(whole, variant + ", another order");
    }
  }

  @Test
  void threadsDoNotChangeABit() {
    List<ScoredTrajectory> trajectories = trajectories(Tiny.sequences(RESPONSES, 1));
    Learned one = learn(ONE_STEP, trajectories, 2, 1);
    for (int threads : new int[] {2, 3}) {
      Learned several = learn(ONE_STEP, trajectories, 2, threads);
      assertThat(several.policy().gradient()).isEqualTo(one.policy().gradient());
      assertThat(several.critic().orElseThrow().gradient())
          .isEqualTo(one.critic().orElseThrow().gradient());
      assertThat(several.policy().numbers()).isEqualTo(one.policy().numbers());
    }
  }

  /** Advantages are whitened over the iteration, so they are the same here for all minibatches. */
  @Test
  void aMixOfPromptLengthsTeachesThePolicyTheMeanOfWhatEachTeaches() {
    List<Sequence> all = RewardModelStage.sequences(Tiny.pairsAndALongOne(5, 4));
    List<float[]> old = noisy(policy.logProbs(all, 1, all.size()), 0.1);
    List<float[]> advantages = noisy(old, 1);
    assertMixIsMean(policy, new PpoLoss(0.2), all, old, advantages);
  }

  @Test
  void aMixOfPromptLengthsTeachesTheCriticTheMeanOfWhatEachTeaches() {
    List<Sequence> all = RewardModelStage.sequences(Tiny.pairsAndALongOne(5, 4));
    List<float[]> old = noisy(critic.values(all, all.size()), 0.1);
    List<float[]> returns = noisy(old, 1);
    assertMixIsMean(critic, new ValueLoss(OptionalDouble.of(0.2)), all, old, returns);
  }

  /** With equal weights per response, the gradient of the mix is the mean of the gradients. */
  private static void assertMixIsMean(
      Decoder start, Objective loss, List<Sequence> all, List<float[]> old, List<float[]> target) {
    Differentiator differentiator =
        new Differentiator(start.config(), Differentiator.Read.EVERY_TOKEN, loss.script());
    List<Integer> places = IntStream.range(0, all.size()).boxed().toList();
    try (ComputePool pool = new ComputePool("test", 1)) {
      List<Step> alone = new ArrayList<>();
      for (int place : places) {
        List<MicroBatch> one = minibatch(all, List.of(place)).micros(old, target);
        alone.add(Step.of(start, differentiator, loss, one, pool));
      }
      List<MicroBatch> mix = minibatch(all, places).micros(old, target);
      Step together = Step.of(start, differentiator, loss, mix, pool);
      together.assertReachesAllWeights();
      together.assertSame(Step.mean(alone), "a mix of prompt lengths");
    }
  }

  private static Minibatch minibatch(List<Sequence> all, List<Integer> places) {
    return new Minibatch(all, places, TokenWeights.SEQUENCE_MEAN, places.size());
  }

  /** Both steps carry the numbers of both. */
  private record Learned(Step policy, Optional<Step> critic) {

    void assertSame(Learned expected, String what) {
      policy.assertSame(expected.policy, what + ", policy");
      assertThat(critic.isPresent()).isEqualTo(expected.critic.isPresent());
      critic.ifPresent(c -> c.assertSame(expected.critic.orElseThrow(), what + ", critic"));
    }
  }

  private Learned learn(
      RtoSettings whole, List<ScoredTrajectory> trajectories, int microBatch, int threads) {
    RtoSettings settings = Tiny.with(whole, "microBatch", microBatch);
    try (ComputePool pool = new ComputePool("test", threads);
        PolicyLearner learner =
            new PolicyLearner(
                settings,
                settings.rule(Tiny::vocabulary),
                Tiny.plainGradient(),
                Models.of(policyFolder, Optional.empty()),
                criticFolder,
                temp,
                pool,
                1)) {
      learner.restore(Optional.empty());
      Map<String, Double> numbers = learner.learn(0, trajectories);
      assertThat(numbers).containsKey("policy-loss");
      Path checkpoint = learner.writeCheckpoint();
      Step first = step(policy, checkpoint.resolve("policy"), numbers);
      return settings.advantage() == AdvantageVariant.GAE
          ? new Learned(first, Optional.of(step(critic, checkpoint.resolve("critic"), numbers)))
          : new Learned(first, Optional.empty());
    }
  }

  private static Step step(Decoder before, Path after, Map<String, Double> numbers) {
    try (Decoder model = HfCheckpoint.load(after)) {
      return Step.between(Tiny.values(before.weights()), Tiny.values(model.weights()), numbers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sampled by a policy a little off the present one, so that ratios are not 1. */
  private List<ScoredTrajectory> trajectories(List<Sequence> sequences) {
    Random random = new Random(1);
    List<float[]> dpo = policy.logProbs(sequences, 1, sequences.size());
    List<float[]> old = noisy(dpo, 0.1);
    List<ScoredTrajectory> scored = new ArrayList<>();
    try (Decoder other = Tiny.language(9)) {
      List<float[]> reference = other.logProbs(sequences, 1, sequences.size());
      for (int i = 0; i < sequences.size(); i++) {
        Prompt prompt = new Prompt(i, sequences.get(i).prompt());
        scored.add(
            ScoredTrajectory.unscored(
                    new Trajectory(prompt, 0, sequences.get(i).response(), old.get(i), false, 0))
                .withReference(reference.get(i))
                .withDpo(dpo.get(i))
                .withReward(random.nextGaussian()));
      }
    }
    return scored;
  }

  private static List<float[]> noisy(List<float[]> values, double deviation) {
    Random random = new Random(2);
    List<float[]> noisy = new ArrayList<>();
    for (float[] one : values) {
      float[] other = one.clone();
      for (int h = 0; h < other.length; h++) {
        other[h] += (float) (deviation * random.nextGaussian());
      }
      noisy.add(other);
    }
    return noisy;
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> other = new ArrayList<>(list);
    Collections.reverse(other);
    return other;
  }
}
