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

  /** Ten seconds for workers, and for the learner twice as long as for tasks. */
  public static Deadlines of(Duration tasks) {
    return new Deadlines(Duration.ofSeconds(10), tasks, tasks.multipliedBy(2));
  }

  /** With five minutes for tasks. */
  public static Deadlines standard() {
    return of(Duration.ofMinutes(5));
  }

  private static void requirePositive(String name, Duration value) {
    Require.that(
        !value.isZero() && !value.isNegative(), "deadline %s: %s (expected: > 0)", name, value);
  }
}
