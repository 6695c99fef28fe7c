package rto.rollout;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * How long a worker waits for the run's word before it hands a task on again: three times as long
 * as it took lately, but not less than the shortest wait, and twice as long at each further time.
 * So a task that died with its scorer is soon handed on again, and a scorer that is slow is not
 * drowned in copies of what it has already.
 */
final class HandOnPace {

  private static final int MARGIN = 3;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Duration shortest;
  private Duration usual;

  HandOnPace(Duration shortest) {
    this.shortest = shortest;
    this.usual = shortest;
  }

  /**
   * @param times that the task was handed on again
   */
  Duration patience(int times) {
    Duration wait = usual;
    for (int i = 0; i < times && wait.compareTo(LONGEST) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return Collections.min(List.of(wait, LONGEST));
  }

  /** A task was accepted so long after it was first handed on. */
  void accepted(Duration after) {
    usual = Collections.max(List.of(shortest, after.multipliedBy(MARGIN)));
  }
}
