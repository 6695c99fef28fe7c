package rto.protocol;

import akka.actor.typed.ActorRef;

/** Asks for at most {@code maxBytes} of a snapshot's bytes from {@code offset} on. */
public record WeightsRequest(
    WeightsRef weights, long offset, int maxBytes, ActorRef<WeightsReply> replyTo)
    implements WireMessage {

  public WeightsRequest {
    Require.that(offset >= 0, "offset: %s (expected: >= 0)", offset);
    Require.that(maxBytes > 0, "max bytes: %s (expected: > 0)", maxBytes);
  }
}
