package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;

class StalenessTest {

  @Test
  void onPolicyResponsesAreOfTheLearnersVersion() {
    assertThat(new Staleness(0).histogram(3, by(3, 3, 3))).isEqualTo(counts(3, 0));
  }

  @Test
  void oneVersionOldFromTheSecondIterationOn() {
    // There is no version before the first.
    assertThat(new Staleness(1).histogram(0, by(0, 0))).isEqualTo(counts(2, 0));
    assertThat(new Staleness(1).histogram(1, by(0, 0))).isEqualTo(counts(0, 2));
    assertThat(new Staleness(1).histogram(7, by(6))).isEqualTo(counts(0, 1));
  }

  @Test
  void aResponseOfAnyOtherAgeIsRefusedWithBothVersions() {
    assertThatThrownBy(() -> new Staleness(0).histogram(3, by(3, 2)))
        .hasMessage("iteration 3: a response by policy version 2 (expected: 3)");
    assertThatThrownBy(() -> new Staleness(1).histogram(3, by(3)))
        .as("too young")
        .hasMessage("iteration 3: a response by policy version 3 (expected: 2)");
    assertThatThrownBy(() -> new Staleness(1).histogram(3, by(1)))
        .as("too old")
        .hasMessage("iteration 3: a response by policy version 1 (expected: 2)");
  }

  private static Map<String, Double> counts(double fresh, double old) {
    return Map.of("staleness-0", fresh, "staleness-1", old);
  }

  private static List<ScoredTrajectory> by(int... versions) {
    return IntStream.of(versions)
        .mapToObj(
            version ->
                new Trajectory(
                    new Prompt(0, new int[] {1}),
                    0,
                    new int[] {2},
                    new float[] {-1},
                    false,
                    version))
        .map(ScoredTrajectory::unscored)
        .toList();
  }
}
