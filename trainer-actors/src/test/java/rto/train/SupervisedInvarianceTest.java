package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.tensor.ComputePool;

/**
 * What a batch teaches the language and the reward model depends on the examples in it, not on how
 * it is cut, ordered or padded, nor on how many threads work on it. The reward model has a head
 * already: one that says 0 everywhere would keep the gradient from the body.
 */
class SupervisedInvarianceTest {

  private static final int EXAMPLES = 12;

  /** Responses have 1 to 20 tokens: from batches that are mostly padding to one at a time. */
  private static final int[] CUTS = {5, 2, 1};

  @TempDir Path temp;
  private Decoder language;
  private Decoder scalar;

  @BeforeEach
  void start() {
    language = Tiny.language(1);
    scalar = Tiny.scalar(2);
  }

  @AfterEach
  void end() {
    language.close();
    scalar.close();
  }

  @Test
  void likelihoodTrainingDoesNotDependOnTheCut() {
    List<Sequence> examples = Tiny.sequences(EXAMPLES, 1);
    Step whole = sft(examples, EXAMPLES, 1);
    whole.assertReachesAllWeights();
    for (int cut : CUTS) {
      sft(examples, cut, 1).assertSame(whole, "micro-batches of " + cut);
    }
    sft(reversed(examples), 5, 1).assertSame(whole, "another order");
  }

  @Test
  void rewardTrainingDoesNotDependOnTheCut() {
    List<Pair> pairs = Tiny.pairs(EXAMPLES, 1);
    Step whole = reward(pairs, 2 * EXAMPLES, 1);
    whole.assertReachesAllWeights();
    for (int cut : CUTS) {
      reward(pairs, 2 * cut, 1).assertSame(whole, "micro-batches of " + 2 * cut);
    }
    reward(reversed(pairs), 10, 1).assertSame(whole, "another order");
  }

  /** The loss is a mean over tokens: an example counts by the tokens of its response. */
  @Test
  void aMixOfPromptLengthsTeachesTheLanguageTheMeanOfWhatEachTeaches() {
    List<Sequence> examples = RewardModelStage.sequences(Tiny.pairsAndALongOne(5, 4));
    Step together = sft(examples, examples.size(), 1);
    List<Step> alone = examples.stream().map(one -> sft(List.of(one), 1, 1)).toList();
    double tokens = examples.stream().mapToInt(s -> s.response().length).sum();
    double[] shares = examples.stream().mapToDouble(s -> s.response().length / tokens).toArray();
    together.assertSame(Step.mean(alone, shares), "a mix of prompt lengths");
  }

  @Test
  void aMixOfPromptLengthsTeachesTheRewardModelTheMeanOfWhatEachTeaches() {
    List<Pair> pairs = Tiny.pairsAndALongOne(5, 4);
    Step together = reward(pairs, 2 * pairs.size(), 1);
    List<Step> alone = pairs.stream().map(pair -> reward(List.of(pair), 2, 1)).toList();
    together.assertSame(Step.mean(alone), "a mix of prompt lengths");
  }

  @Test
  void threadsDoNotChangeABit() {
    assertThreadsDoNotMatter(threads -> sft(Tiny.sequences(EXAMPLES, 1), 2, threads));
    assertThreadsDoNotMatter(threads -> reward(Tiny.pairs(EXAMPLES, 1), 4, threads));
  }

  private static void assertThreadsDoNotMatter(IntFunction<Step> training) {
    Step one = training.apply(1);
    for (int threads : new int[] {2, 3}) {
      Step several = training.apply(threads);
      assertThat(several.gradient()).isEqualTo(one.gradient());
      assertThat(several.numbers()).isEqualTo(one.numbers());
    }
  }

  private Step sft(List<Sequence> examples, int microBatch, int threads) {
    try (ComputePool pool = new ComputePool("test", threads);
        Decoder model = language.withWeights(language.weights().copy())) {
      Map<String, Double> numbers =
          new SftStage(oneStep(examples.size(), microBatch), pool).run(model, examples, 1);
      return step(language, model, numbers);
    }
  }

  private Step reward(List<Pair> pairs, int microBatch, int threads) {
    try (ComputePool pool = new ComputePool("test", threads);
        Decoder model = scalar.withWeights(scalar.weights().copy())) {
      Map<String, Double> numbers =
          new RewardModelStage(oneStep(pairs.size(), microBatch), new Tuning.Whole(), pool)
              .train(model, pairs, 1);
      return step(scalar, model, numbers);
    }
  }

  private static Step step(Decoder before, Decoder after, Map<String, Double> numbers) {
    return Step.between(Tiny.values(before.weights()), Tiny.values(after.weights()), numbers);
  }

  private TrainingLoop oneStep(int examples, int microBatch) {
    StageSettings settings = new StageSettings(1, examples, microBatch, Tiny.GRADIENT_RATE);
    return Tiny.loop("one step", settings, Tiny.plainGradient(), temp);
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> other = new ArrayList<>(list);
    Collections.reverse(other);
    return other;
  }
}
