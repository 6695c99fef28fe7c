package rto.protocol.wire;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import rto.protocol.Require;
import rto.protocol.WireMessage;

/** Finds the codec: by class when writing, by manifest when reading. */
final class CodecTable {

  private final Map<Class<?>, Codec<?, ?>> byType;
  private final Map<String, Codec<?, ?>> byManifest;

  /** Every class and every manifest may occur once. */
  CodecTable(List<Codec<?, ?>> codecs) {
    byType = codecs.stream().collect(toMap(Codec::type, identity()));
    byManifest = codecs.stream().collect(toMap(Codec::manifest, identity()));
  }

  String manifest(Object message) {
    return codecFor(message).manifest();
  }

  byte[] encode(Object message) {
    return codecFor(message).encode((WireMessage) message);
  }

  /**
   * Reads the bytes that {@link #encode} wrote under that manifest.
   *
   * @throws NotSerializableException naming the manifest if it is unknown
   * @throws IllegalArgumentException naming the manifest if the bytes are damaged
   */
  WireMessage decode(String manifest, byte[] bytes) throws NotSerializableException {
    Codec<?, ?> codec = byManifest.get(manifest);
    if (codec == null) {
      throw new NotSerializableException(
          String.format(
              "manifest: %s (expected: one of %s)", manifest, new TreeSet<>(byManifest.keySet())));
    }
    return codec.decode(bytes);
  }

  private Codec<?, ?> codecFor(Object message) {
    Codec<?, ?> codec = byType.get(message.getClass());
    Require.that(
        codec != null,
        "message: %s (expected: a record below %s)",
        message.getClass().getName(),
        WireMessage.class.getName());
    return codec;
  }
}
