package rto.chaos.invariant;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;

/** Policy versions, iterations and checkpoints go up, one by one, and never back. */
public final class VersionsMonotonic implements Invariant {

  @Override
  public Stream<String> violations(Evidence evidence) {
    List<String> found = new ArrayList<>();
    int started = 0;
    int version = 0;
    int checkpointed = -1;
    for (Journalled one : evidence.journal()) {
      if (one.event() instanceof IterationStarted event) {
        require(event.iteration() == started, event, "iteration " + started, found);
        started = event.iteration() + 1;
      } else if (one.event() instanceof IterationLearned event) {
        require(event.weights().version() == version + 1, event, "version " + (version + 1), found);
        version = event.weights().version();
      } else if (one.event() instanceof CheckpointWritten event) {
        require(event.iteration() > checkpointed, event, "one after " + checkpointed, found);
        checkpointed = event.iteration();
      }
    }
    return found.stream();
  }

  private static void require(boolean rises, Object event, String expected, List<String> found) {
    if (!rises) {
      found.add(event + " (expected: " + expected + ")");
    }
  }
}
