package rto.protocol;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A trajectory and the columns that the scoring rooms have added so far. A column that the token
 * reward does not need stays absent.
 *
 * @param reference [H], log-probabilities of the tokens under the frozen reference
 * @param dpo [H], the same under the DPO-trained model
 * @param reward r_MLE(x, y), normalised by the reward model's own mean and deviation
 */
public record ScoredTrajectory(
    Trajectory trajectory,
    Optional<float[]> reference,
    Optional<float[]> dpo,
    OptionalDouble reward) {

  public ScoredTrajectory {
    requireLength("reference", reference, trajectory);
    requireLength("dpo", dpo, trajectory);
  }

  /** A trajectory that no room has scored yet. */
  public static ScoredTrajectory unscored(Trajectory trajectory) {
    return new ScoredTrajectory(
        trajectory, Optional.empty(), Optional.empty(), OptionalDouble.empty());
  }

  public ScoredTrajectory withReference(float[] logProbs) {
    return new ScoredTrajectory(trajectory, Optional.of(logProbs), dpo, reward);
  }

  public ScoredTrajectory withDpo(float[] logProbs) {
    return new ScoredTrajectory(trajectory, reference, Optional.of(logProbs), reward);
  }

  public ScoredTrajectory withReward(double value) {
    return new ScoredTrajectory(trajectory, reference, dpo, OptionalDouble.of(value));
  }

  private static void requireLength(String name, Optional<float[]> column, Trajectory trajectory) {
    int expected = trajectory.response().length;
    Require.that(
        column.isEmpty() || column.get().length == expected,
        "%s log-probs: %s (expected: %s, one per token)",
        name,
        column.map(c -> c.length).orElse(0),
        expected);
  }
}
