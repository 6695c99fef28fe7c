package rto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunPlanTest {

  @Test
  void checkpointsFollowEverySoManyIterationsAndTheLast() {
    var plan = plan(7, 3, 0);

    assertThat(IntStream.rangeClosed(0, 7).filter(plan::checkpointDue)).containsExactly(3, 6, 7);
  }

  @Test
  void onPolicyTasksUseTheVersionOfTheirIteration() {
    assertThat(plan(5, 1, 0).policyVersion(4)).isEqualTo(4);
  }

  @Test
  void stalenessIsRefusedUntilItIsSupported() {
    assertThatThrownBy(() -> plan(5, 1, 1))
        .hasMessage("staleness: 1 (expected: 0, strictly on-policy)");
  }

  private static RunPlan plan(int iterations, int checkpointEvery, int staleness) {
    return new RunPlan(
        "run", "config", iterations, 2, checkpointEvery, staleness, Deadlines.standard());
  }
}
