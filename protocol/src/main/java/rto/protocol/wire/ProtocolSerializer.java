package rto.protocol.wire;

import akka.actor.ExtendedActorSystem;
import akka.serialization.SerializerWithStringManifest;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;

/**
 * Akka's serializer for everything below {@link rto.protocol.WireMessage}: protobuf bytes under the
 * protobuf message's full name as manifest, for example {@code rto.v1.TaskAccepted}.
 *
 * <p>Bytes that cannot be read never become a half-filled record: Akka gets one of the exceptions
 * of {@link #fromBinary} and drops the message, or stops the recovery of a journal.
 */
public final class ProtocolSerializer extends SerializerWithStringManifest {

  /** Stands beside the manifest in every journal row and remote message; it never changes. */
  public static final int IDENTIFIER = 740101;

  private final CodecTable codecs;

  /** Called by Akka, which hands in the actor system that resolves actor references. */
  public ProtocolSerializer(ExtendedActorSystem system) {
    codecs = new CodecTable(allCodecs(new ActorRefs(system)));
  }

  private static List<Codec<?, ?>> allCodecs(ActorRefs refs) {
    List<Codec<?, ?>> all = new ArrayList<>();
    all.addAll(RolloutCodecs.all(refs));
    all.addAll(WeightsCodecs.all(refs));
    all.addAll(RunCodecs.all(refs));
    all.addAll(JournalCodecs.all());
    all.addAll(DeskCodecs.all(refs));
    all.addAll(NodeCodecs.all(refs));
    all.add(SnapshotCodec.create());
    return all;
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  /**
   * Names the format of this message's bytes.
   *
   * @throws IllegalArgumentException if the object is no record below WireMessage
   */
  @Override
  public String manifest(Object message) {
    return codecs.manifest(message);
  }

  /**
   * Writes the message.
   *
   * @throws IllegalArgumentException if the object is no record below WireMessage
   */
  @Override
  public byte[] toBinary(Object message) {
    return codecs.encode(message);
  }

  /**
   * Reads a message.
   *
   * @throws NotSerializableException naming the manifest if this version does not know it
   * @throws IllegalArgumentException naming the manifest and the reason if the bytes are damaged or
   *     say what the record refuses
   */
  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return codecs.decode(manifest, bytes);
  }
}
