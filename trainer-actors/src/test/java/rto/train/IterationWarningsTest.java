package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;

class IterationWarningsTest {

  private static final RtoSettings SETTINGS = Tiny.rto(1, 1, 12, 12, 1e-3);

  @Test
  void anIterationAsItShouldBeIsPassedInSilence() {
    assertThat(warnings(response(true, 0.5), response(false, 0.6))).isEmpty();
  }

  @Test
  void responsesThatAreAllTruncatedAreToldWithTheLimit() {
    assertThat(warnings(response(true, 0.5), response(true, 0.6)))
        .containsExactly(
            "iteration 3: all 2 responses reached max-new-tokens = 8 (raise rto.max-new-tokens, or"
                + " set rto.reward.missing-eos-penalty)");
  }

  @Test
  void rewardsThatAreAllEqualAreToldWithWhatToChange() {
    assertThat(warnings(response(false, 0.5), response(true, 0.5)))
        .singleElement()
        .asString()
        .startsWith("iteration 3: all 2 responses have the reward 0.5,")
        .contains("rto.temperature", "reward-model.learning-rate");
  }

  @Test
  void oneResponseHasNoOtherToBeEqualTo() {
    assertThat(warnings(response(false, 0.5))).isEmpty();
  }

  private static List<String> warnings(ScoredTrajectory... scored) {
    return IterationWarnings.of(3, List.of(scored), SETTINGS);
  }

  private static ScoredTrajectory response(boolean truncated, double reward) {
    Prompt prompt = new Prompt(0, new int[] {Tiny.BEGIN});
    return ScoredTrajectory.unscored(
            new Trajectory(prompt, 0, new int[] {3}, new float[] {-1}, truncated, 0))
        .withReward(reward);
  }
}
