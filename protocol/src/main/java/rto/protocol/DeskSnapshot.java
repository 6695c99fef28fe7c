package rto.protocol;

import java.util.Optional;

/**
 * A journal snapshot of the desk: what the events before it led to, so that they can be deleted.
 *
 * @param on the run that was handed in and has not ended
 * @param last how the run before it ended
 */
public record DeskSnapshot(Optional<DeskEvent.RunSubmitted> on, Optional<DeskEvent.RunEnded> last)
    implements WireMessage {}
