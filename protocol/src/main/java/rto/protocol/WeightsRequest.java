package rto.protocol;

import akka.actor.typed.ActorRef;

/** Asks for at most {@code maxBytes} of a snapshot's bytes from {@code offset} on. */
public record WeightsRequest(
    WeightsRef weights, long offset, int maxBytes, ActorRef<WeightsReply> replyTo)
    implements WireMessage {

  /** What one answer may hold: it must fit a frame, and whoever answers has it in memory. */
  public static final int MOST = 4 << 20;

  public WeightsRequest {
    Require.that(offset >= 0, "offset: %s (expected: >= 0)", offset);
    Require.that(
        maxBytes > 0 && maxBytes <= MOST, "max bytes: %s (expected: in [1, %s])", maxBytes, MOST);
  }
}
