package rto.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rto.chaos.ChaosPlan.Kinds;
import rto.chaos.Fault.Kill;
import rto.chaos.Fault.Spring;

class ChaosPlanTest {

  @Test
  void sameSeedMakesTheSamePlanAndAnotherSeedAnother() {
    var plan = ChaosPlan.random(7, 50, Kinds.ALL);

    assertThat(ChaosPlan.random(7, 50, Kinds.ALL)).isEqualTo(plan);
    assertThat(ChaosPlan.random(8, 50, Kinds.ALL).steps()).isNotEqualTo(plan.steps());
    assertThat(plan.toString()).startsWith("seed 7\n");
  }

  @Test
  void longPlanHitsEveryTargetAndSpringsEveryTrap() {
    var faults =
        ChaosPlan.random(1, 1000, Kinds.KILLS).steps().stream().map(ChaosPlan.Step::fault).toList();

    assertThat(
            faults.stream()
                .filter(Kill.class::isInstance)
                .map(fault -> ((Kill) fault).whom().target())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Target.values());
    Set<TrapPoint> sprung =
        faults.stream()
            .filter(Spring.class::isInstance)
            .map(fault -> ((Spring) fault).point())
            .collect(Collectors.toSet());
    assertThat(sprung)
        .containsExactlyInAnyOrder(
            TrapPoint.BEFORE_WRITE,
            TrapPoint.AFTER_WRITE,
            TrapPoint.CHUNK_SENT,
            TrapPoint.CHUNK_RECEIVED,
            TrapPoint.TASK_SENT,
            TrapPoint.TASK_RECEIVED);
  }
}
