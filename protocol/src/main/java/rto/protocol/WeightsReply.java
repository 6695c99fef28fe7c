package rto.protocol;

/** The answer to a {@link WeightsRequest}. */
public sealed interface WeightsReply extends WireMessage {

  /** Bytes of the snapshot; shorter than asked for only at its end. */
  record Chunk(WeightsRef weights, long offset, byte[] bytes) implements WeightsReply {

    public Chunk {
      Require.that(offset >= 0, "offset: %s (expected: >= 0)", offset);
    }
  }

  /** This node does not hold that version (any more). */
  record Unknown(WeightsRef weights) implements WeightsReply {}
}
