package rto.protocol.wire;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.function.Function;
import rto.protocol.WireMessage;

/**
 * One kind of message: which record it is, and how it becomes protobuf and comes back.
 *
 * @param type the record's class
 * @param manifest names the format of the bytes: the protobuf message's full name
 * @param empty the protobuf message without content; it knows how to parse
 */
record Codec<R extends WireMessage, P extends Message>(
    Class<R> type, String manifest, P empty, Function<R, P> toProto, FromProto<P, R> fromProto) {

  /** Builds a record; throws if a required part is absent or the record refuses its values. */
  @FunctionalInterface
  interface FromProto<P, R> {
    R apply(P message) throws IOException;
  }

  static <R extends WireMessage, P extends Message> Codec<R, P> of(
      Class<R> type, P empty, Function<R, P> toProto, FromProto<P, R> fromProto) {
    String manifest = empty.getDescriptorForType().getFullName();
    return new Codec<>(type, manifest, empty, toProto, fromProto);
  }

  byte[] encode(WireMessage message) {
    return toProto.apply(type.cast(message)).toByteArray();
  }

  /**
   * @throws IllegalArgumentException naming the manifest and the reason if the bytes are damaged or
   *     the record refuses what they say
   */
  R decode(byte[] bytes) {
    try {
      return fromProto.apply(parse(bytes));
    } catch (IOException | IllegalArgumentException e) {
      String message = "%s: cannot read %s bytes: %s";
      throw new IllegalArgumentException(
          String.format(message, manifest, bytes.length, e.getMessage()), e);
    }
  }

  // getParserForType() of a P parses P's, though its signature says Message.
  @SuppressWarnings("unchecked")
  private P parse(byte[] bytes) throws IOException {
    return (P) empty.getParserForType().parseFrom(bytes);
  }
}
