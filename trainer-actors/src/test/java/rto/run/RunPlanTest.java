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
  void aStalenessOfOneTakesTheVersionBefore() {
    var plan = plan(5, 1, 1);

    assertThat(IntStream.range(0, 5).map(plan::policyVersion)).containsExactly(0, 0, 1, 2, 3);
  }

  @Test
  void asManyIterationsMayBeOpenAsTheStalenessAndOne() {
    assertThat(IntStream.rangeClosed(0, 3).map(plan(3, 1, 0)::lastToBegin))
        .containsExactly(0, 1, 2, 2);
    assertThat(IntStream.rangeClosed(0, 3).map(plan(3, 1, 1)::lastToBegin))
        .containsExactly(1, 2, 2, 2);
  }

  @Test
  void anyOtherStalenessIsRefused() {
    assertThatThrownBy(() -> plan(5, 1, 2))
        .hasMessage("staleness: 2 (expected: 0, on-policy, or 1, one version behind)");
    assertThatThrownBy(() -> plan(5, 1, -1)).hasMessageStartingWith("staleness: -1");
  }

  private static RunPlan plan(int iterations, int checkpointEvery, int staleness) {
    return new RunPlan(
        "run", "config", iterations, 2, checkpointEvery, staleness, Deadlines.standard());
  }
}
