package rto.protocol.wire;

import static rto.protocol.wire.Parts.fromProto;
import static rto.protocol.wire.Parts.required;
import static rto.protocol.wire.Parts.toProto;

import com.google.protobuf.UnsafeByteOperations;
import java.util.List;
import rto.protocol.WeightsReply;
import rto.protocol.wire.proto.WeightsChunk;
import rto.protocol.wire.proto.WeightsRequest;
import rto.protocol.wire.proto.WeightsUnknown;

/** The messages of weights.proto. */
final class WeightsCodecs {

  private final ActorRefs refs;

  private WeightsCodecs(ActorRefs refs) {
    this.refs = refs;
  }

  static List<Codec<?, ?>> all(ActorRefs refs) {
    var codecs = new WeightsCodecs(refs);
    return List.of(
        Codec.of(
            rto.protocol.WeightsRequest.class,
            WeightsRequest.getDefaultInstance(),
            codecs::encodeRequest,
            codecs::decodeRequest),
        Codec.of(
            WeightsReply.Chunk.class,
            WeightsChunk.getDefaultInstance(),
            WeightsCodecs::encodeChunk,
            WeightsCodecs::decodeChunk),
        Codec.of(
            WeightsReply.Unknown.class,
            WeightsUnknown.getDefaultInstance(),
            unknown -> WeightsUnknown.newBuilder().setWeights(toProto(unknown.weights())).build(),
            message ->
                new WeightsReply.Unknown(
                    fromProto(required("weights", message.hasWeights(), message.getWeights())))));
  }

  private WeightsRequest encodeRequest(rto.protocol.WeightsRequest request) {
    return WeightsRequest.newBuilder()
        .setWeights(toProto(request.weights()))
        .setOffset(request.offset())
        .setMaxBytes(request.maxBytes())
        .setReplyTo(refs.toAddress(request.replyTo()))
        .build();
  }

  private rto.protocol.WeightsRequest decodeRequest(WeightsRequest message) {
    return new rto.protocol.WeightsRequest(
        fromProto(required("weights", message.hasWeights(), message.getWeights())),
        message.getOffset(),
        message.getMaxBytes(),
        refs.fromAddress("reply-to", message.getReplyTo()));
  }

  private static WeightsChunk encodeChunk(WeightsReply.Chunk chunk) {
    return WeightsChunk.newBuilder()
        .setWeights(toProto(chunk.weights()))
        .setOffset(chunk.offset())
        .setBytes(UnsafeByteOperations.unsafeWrap(chunk.bytes()))
        .build();
  }

  private static WeightsReply.Chunk decodeChunk(WeightsChunk message) {
    return new WeightsReply.Chunk(
        fromProto(required("weights", message.hasWeights(), message.getWeights())),
        message.getOffset(),
        message.getBytes().toByteArray());
  }
}
