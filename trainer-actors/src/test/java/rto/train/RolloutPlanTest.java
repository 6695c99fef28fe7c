package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.data.CounterRandom;
import rto.protocol.WeightsRef;

class RolloutPlanTest {

  private static final int PER_ITERATION = 6;
  private static final long SEED = 5;
  private static final WeightsRef WEIGHTS = new WeightsRef(0, "0".repeat(64), 1);

  @Test
  void noPromptComesTwiceInAnIteration() {
    RolloutPlan plan = plan(20); // three iterations an epoch, two prompts left over
    for (int k = 0; k < 30; k++) {
      assertThat(prompts(plan, k)).hasSize(PER_ITERATION).doesNotHaveDuplicates();
    }
  }

  @Test
  void eachEpochHasAnOrderOfItsOwnAndSkipsItsRest() {
    RolloutPlan plan = plan(20);
    for (int epoch = 0; epoch < 4; epoch++) {
      int[] order = CounterRandom.permutation(20, CounterRandom.of(SEED, 1, epoch));
      for (int i = 0; i < 3; i++) {
        assertThat(prompts(plan, 3 * epoch + i))
            .containsExactlyElementsOf(
                IntStream.range(6 * i, 6 * i + 6).mapToObj(p -> order[p]).toList());
      }
    }
    assertThat(prompts(plan, 0)).isNotEqualTo(prompts(plan, 3));
  }

  @Test
  void allPromptsMayServeEachIteration() {
    RolloutPlan plan = plan(PER_ITERATION);
    assertThat(prompts(plan, 0)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    assertThat(prompts(plan, 1))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5)
        .isNotEqualTo(prompts(plan, 0));
  }

  @Test
  void fewerPromptsThanAnIterationTakesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(5))
        .withMessage("prompts-per-iteration: 6 (expected: at most the 5 prompts)");
  }

  private static RolloutPlan plan(int prompts) {
    return new RolloutPlan(
        "test",
        Tiny.rto(1, PER_ITERATION, 1, 1, 1, 1e-3),
        Collections.nCopies(prompts, new int[] {Tiny.BEGIN}),
        List.of(Tiny.END),
        SEED);
  }

  private static List<Integer> prompts(RolloutPlan plan, int iteration) {
    return plan.tasks(iteration, WEIGHTS).stream()
        .flatMap(task -> task.prompts().stream())
        .map(prompt -> prompt.index())
        .toList();
  }
}
