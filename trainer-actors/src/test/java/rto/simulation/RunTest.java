package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.RunEvent.IterationLearned;

class RunTest {

  private static final House HOUSE = new House();

  @AfterAll
  static void close() {
    HOUSE.close();
  }

  @Test
  void runLearnsEveryIterationOnceAndInOrder() {
    var plan = Tasks.plan("whole", 4, 3, 2);

    var outcome = HOUSE.start(plan, new HashingLearner.Disk().newLearner(), 2);

    assertThat(outcome.await()).matches("[0-9a-f]{64}");
    assertThat(outcome.learned().stream().map(IterationLearned::iteration))
        .containsExactlyElementsOf(IntStream.range(0, 4).boxed().toList());
    assertThat(outcome.learned().get(3).digest()).isEqualTo(outcome.await());
    HOUSE.clear();
  }
}
