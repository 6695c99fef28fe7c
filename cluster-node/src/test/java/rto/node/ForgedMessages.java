package rto.node;

import akka.serialization.SerializerWithStringManifest;
import rto.protocol.wire.ProtocolSerializer;

/** Writes whatever it is told under the number of this project's serializer. */
public final class ForgedMessages extends SerializerWithStringManifest {

  /** What a receiver is to take for a message. */
  record Forged(String manifest, byte[] bytes) {}

  @Override
  public int identifier() {
    return ProtocolSerializer.IDENTIFIER;
  }

  @Override
  public String manifest(Object forged) {
    return ((Forged) forged).manifest();
  }

  @Override
  public byte[] toBinary(Object forged) {
    return ((Forged) forged).bytes();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    throw new UnsupportedOperationException();
  }
}
