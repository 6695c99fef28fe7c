package rto.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import rto.protocol.WireMessage;

/** Akka's own serialization, configured by this module's reference.conf alone. */
final class AkkaSerialization implements AutoCloseable {

  private final ActorTestKit kit = ActorTestKit.create();
  private final Serialization akka = SerializationExtension.get(Adapter.toClassic(kit.system()));

  /** A live actor that may be named in messages. */
  <T> ActorRef<T> actor(Class<T> accepts) {
    return kit.createTestProbe(accepts).ref();
  }

  /** Which serializer Akka has chosen for this message. */
  int identifier(WireMessage message) {
    return akka.findSerializerFor(message).identifier();
  }

  String manifest(Object message) {
    return Serializers.manifestFor(akka.findSerializerFor(message), message);
  }

  byte[] write(Object message) {
    return akka.serialize(message).get();
  }

  /** Throws what the serializer throws. */
  Object read(String manifest, byte[] bytes) {
    return akka.deserialize(bytes, ProtocolSerializer.IDENTIFIER, manifest).get();
  }

  /** Arrays are compared by content, floats as objects (NaN equals NaN, -0 is not 0). */
  void assertSurvives(WireMessage message) {
    Object copy = read(manifest(message), write(message));
    assertThat(copy).hasSameClassAs(message).isNotSameAs(message);
    assertThat(copy)
        .usingRecursiveComparison()
        .withEqualsForType(Float::equals, Float.class) // AssertJ's own allows 1e-6
        .withEqualsForType(Double::equals, Double.class)
        .withEqualsForType(Object::equals, ActorRef.class)
        .isEqualTo(message);
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
