package rto.protocol;

import java.util.List;

/**
 * A journal snapshot: the shortest list of events that leads to the run's present state, so that
 * older events can be deleted.
 */
public record RunSnapshot(List<RunEvent> events) implements WireMessage {

  public RunSnapshot {
    events = List.copyOf(events);
  }
}
