package rto.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataCursorTest {

  private static final List<Integer> ALL_TEN = IntStream.range(0, 10).boxed().toList();

  @Test
  void everyItemComesOncePerEpochThoughBatchesCrossItsEnd() {
    List<Integer> walk = walk(new DataCursor(10, 5), 10, 3); // 30 positions, 3 epochs of 10
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(walk.subList(10 * epoch, 10 * epoch + 10))
          .containsExactlyInAnyOrderElementsOf(ALL_TEN);
    }
  }

  @Test
  void epochsHaveOrdersOfTheirOwn() {
    List<Integer> walk = walk(new DataCursor(10, 5), 2, 10);
    assertThat(walk.subList(0, 10)).isNotEqualTo(walk.subList(10, 20));
  }

  @Test
  void batchIsTheDocumentedFunctionOfSeedAndStep() {
    // n = 4, size 3, step 1: positions 3, 4, 5 = place 3 of epoch 0, places 0 and 1 of epoch 1
    int[] first = CounterRandom.permutation(4, CounterRandom.of(77, 0));
    int[] second = CounterRandom.permutation(4, CounterRandom.of(77, 1));
    assertThat(new DataCursor(4, 77).batch(1, 3)).containsExactly(first[3], second[0], second[1]);
  }

  @Test
  void resumingNeedsOnlyTheStep() {
    DataCursor undisturbed = new DataCursor(7, 1);
    walk(undisturbed, 20, 4);
    assertThat(new DataCursor(7, 1).batch(20, 4)).isEqualTo(undisturbed.batch(20, 4));
    assertThat(undisturbed.batch(2, 4)).isEqualTo(new DataCursor(7, 1).batch(2, 4)); // and back
  }

  @Test
  void seedsGiveDifferentWalks() {
    assertThat(new DataCursor(100, 1).batch(0, 100))
        .isNotEqualTo(new DataCursor(100, 2).batch(0, 100));
  }

  @Test
  void batchMayBeLargerThanTheDataset() {
    assertThat(new DataCursor(1, 3).batch(5, 4)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new DataCursor(0, 1)).hasMessage("dataset size: 0 (expected: > 0)");
    assertThatThrownBy(() -> new DataCursor(3, 1).batch(-1, 2))
        .hasMessage("step: -1 (expected: >= 0)");
    assertThatThrownBy(() -> new DataCursor(3, 1).batch(0, 0))
        .hasMessage("batch size: 0 (expected: > 0)");
  }

  private static List<Integer> walk(DataCursor cursor, int steps, int size) {
    List<Integer> walk = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      IntStream.of(cursor.batch(step, size)).forEach(walk::add);
    }
    return walk;
  }
}
