package rto.chaos.invariant;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is known of one run, whose cluster was disturbed.
 *
 * @param journal all events of run and desk, in the order of their commits
 * @param digest that the run's result names; empty if it has none
 * @param ends of all processes that ended before the driver put an end to it
 */
public record Evidence(Expected expected, List<Journalled> journal, String digest, List<End> ends) {

  /**
   * What an undisturbed run is like.
   *
   * @param digest of its final state
   */
  public record Expected(int iterations, int tasks, int staleness, String digest) {

    /** The version that samples the tasks of an iteration. */
    public int version(int iteration) {
      return Math.max(0, iteration - staleness);
    }
  }

  /**
   * A process ended.
   *
   * @param doomed whether the driver did something from which it may
   */
  public record End(String name, long pid, int status, boolean doomed) {}

  public Evidence {
    journal = List.copyOf(journal);
    ends = List.copyOf(ends);
  }

  /** The events of one kind, in order. */
  <E> Stream<E> events(Class<E> kind) {
    return journal.stream().map(Journalled::event).filter(kind::isInstance).map(kind::cast);
  }
}
