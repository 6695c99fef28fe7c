package rto.rollout;

import java.time.Duration;
import rto.protocol.Require;

/**
 * How a worker works.
 *
 * @param slots tasks in work at a time: two keep it busy while one is being scored
 * @param accepted deadline for the run's word that it has journalled a task, at least: longer where
 *     scoring takes longer; the trajectories are sent again then
 */
public record RolloutSettings(int slots, Duration accepted, PullSettings pull) {

  public RolloutSettings {
    Require.that(slots > 0, "slots: %s (expected: > 0)", slots);
    Require.that(
        !accepted.isZero() && !accepted.isNegative(),
        "deadline accepted: %s (expected: > 0)",
        accepted);
  }

  /** Two slots, thirty seconds. */
  public static RolloutSettings standard() {
    return new RolloutSettings(2, Duration.ofSeconds(30), PullSettings.standard());
  }
}
