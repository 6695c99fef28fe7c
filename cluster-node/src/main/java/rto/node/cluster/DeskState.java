package rto.node.cluster;

import java.util.Optional;
import rto.protocol.DeskEvent;
import rto.protocol.DeskEvent.RunEnded;
import rto.protocol.DeskEvent.RunSubmitted;
import rto.protocol.DeskSnapshot;

/**
 * What the desk has journalled.
 *
 * @param on the run that was handed in and has not ended
 * @param last how the run before it ended
 */
record DeskState(Optional<RunSubmitted> on, Optional<RunEnded> last) {

  static DeskState empty() {
    return new DeskState(Optional.empty(), Optional.empty());
  }

  DeskState after(DeskEvent event) {
    return event instanceof RunSubmitted submitted
        ? new DeskState(Optional.of(submitted), last)
        : new DeskState(Optional.empty(), Optional.of((RunEnded) event));
  }

  DeskSnapshot snapshot() {
    return new DeskSnapshot(on, last);
  }

  static DeskState of(DeskSnapshot snapshot) {
    return new DeskState(snapshot.on(), snapshot.last());
  }
}
