package rto.protocol;

/**
 * Whether the desk does what it was asked.
 *
 * @param text one line that says what it does, or why it does not
 */
public record DeskReply(boolean accepted, String text) implements WireMessage {}
