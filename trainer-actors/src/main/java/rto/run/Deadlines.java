package rto.run;

import java.time.Duration;
import rto.protocol.Require;

/**
 * How long the run waits before it says so; it never gives up on a deadline.
 *
 * @param workers no rollout worker has registered
 * @param tasks no task of the iteration has come in; tasks still missing are then offered again
 * @param learner the learner has not answered
 */
public record Deadlines(Duration workers, Duration tasks, Duration learner) {

  public Deadlines {
    requirePositive("workers", workers);
    requirePositive("tasks", tasks);
    requirePositive("learner", learner);
  }

  /** Ten seconds for workers, five minutes for tasks, ten for the learner. */
  public static Deadlines standard() {
    return new Deadlines(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(10));
  }

  private static void requirePositive(String name, Duration value) {
    Require.that(
        !value.isZero() && !value.isNegative(), "deadline %s: %s (expected: > 0)", name, value);
  }
}
