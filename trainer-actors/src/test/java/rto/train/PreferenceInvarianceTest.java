package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
import rto.algorithm.PreferenceLoss;
import rto.algorithm.RDpoLoss;
import rto.algorithm.SimPoLoss;
import rto.algorithm.Tdpo1Loss;
import rto.algorithm.Tdpo2Loss;
import rto.lm.Decoder;
import rto.lm.Keeping;
import rto.tensor.ComputePool;

/**
 * What pairs teach, by any preference loss, depends on the pairs and not on how they are cut into
 * micro-batches, ordered, mixed with others or padded. The policy is far from the reference here,
 * so that every term of a loss has its part.
 */
class PreferenceInvarianceTest {

  private static final int PAIRS = 12;

  private static ComputePool pool;
  private static Decoder policy;
  private static Decoder reference;

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
    whole.assertReachesAllWeights();
    for (int atOnce : new int[] {5, 2, 1}) {
      step(loss, pairs, atOnce).assertSame(whole, "pairs at once: " + atOnce);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theOrderOfTheBatchDoesNotMatter(PreferenceLoss loss) {
    List<Pair> pairs = Tiny.pairs(PAIRS, 2);
    List<Pair> other = new ArrayList<>(pairs);
    Collections.shuffle(other, new Random(3));
    step(loss, other, 5).assertSame(step(loss, pairs, 5), "another order");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void neitherPaddingNorTheMixOfPromptLengthsMatters(PreferenceLoss loss) {
    // Prompts of 2 to 5 tokens beside one of 30, which pads all others when they go together; alone
    // the shorter response of a pair is padded to the longer one and no further. The gradient of a
    // mean is the mean of the gradients.
    List<Pair> pairs = Tiny.pairsAndALongOne(5, 4);
    Step together = step(loss, pairs, pairs.size());
    List<Step> alone = pairs.stream().map(pair -> step(loss, List.of(pair), 1)).toList();
    together.assertSame(Step.mean(alone), "a mix of prompt lengths");
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

  private static Step step(
      PreferenceLoss loss, List<Pair> pairs, int pairsAtOnce, ComputePool threads) {
    PreferenceBatches batches =
        new PreferenceBatches(
            loss, reference, Optional.empty(), pairs, 2 * pairsAtOnce, Keeping.EVERYTHING, threads);
    int[] all = IntStream.range(0, pairs.size()).toArray();
    return Step.of(policy, batches.differentiator(), loss, batches.of(all), threads);
  }
}
