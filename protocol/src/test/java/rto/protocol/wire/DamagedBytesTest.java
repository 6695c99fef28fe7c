package rto.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.serialization.DisabledJavaSerializer;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import rto.protocol.TaskAccepted;
import rto.protocol.WireMessage;
import rto.protocol.wire.proto.GetStatus;
import rto.protocol.wire.proto.RunSnapshot;
import rto.protocol.wire.proto.StoredEvent;
import rto.protocol.wire.proto.TaskId;

/** Bytes from the wire or the disk either become a whole record or an exception that says why. */
class DamagedBytesTest {

  private static final AkkaSerialization akka = new AkkaSerialization();
  private static final List<WireMessage> examples = Examples.all(akka);

  @AfterContainer
  static void stop() {
    akka.close();
  }

  @Provide
  Arbitrary<WireMessage> examples() {
    return Arbitraries.of(examples);
  }

  @Example
  void everyTruncationIsReadOrRefused() {
    for (WireMessage message : examples) {
      byte[] bytes = akka.write(message);
      for (int length = 0; length < bytes.length; length++) {
        readOrRefuse(akka.manifest(message), Arrays.copyOf(bytes, length));
      }
    }
  }

  @Property
  void randomBytesAreReadOrRefused(@ForAll("examples") WireMessage kind, @ForAll byte[] bytes) {
    readOrRefuse(akka.manifest(kind), bytes);
  }

  @Property(tries = 2000)
  void aChangedByteIsReadOrRefused(
      @ForAll("examples") WireMessage message, @ForAll int place, @ForAll byte value) {
    byte[] bytes = akka.write(message);
    if (bytes.length > 0) {
      bytes[Math.floorMod(place, bytes.length)] = value;
    }
    readOrRefuse(akka.manifest(message), bytes);
  }

  @Property
  void bytesOfAnotherKindAreReadOrRefused(
      @ForAll("examples") WireMessage kind, @ForAll("examples") WireMessage other) {
    readOrRefuse(akka.manifest(kind), akka.write(other));
  }

  private static void readOrRefuse(String manifest, byte[] bytes) {
    try {
      assertThat(akka.manifest(akka.read(manifest, bytes))).isEqualTo(manifest);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith(manifest + ": cannot read " + bytes.length);
    }
  }

  @Example
  void aLengthThatIsOnlyClaimedTakesNoMemory() {
    // The length 2^31 - 1, as a varint.
    byte[] claimed = hex("ffffffff07");
    var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String manifest : manifests()) {
      for (int field = 1; field < 16; field++) {
        byte[] bytes = join(new byte[] {(byte) (field * 8 + 2)}, claimed, new byte[100]);
        long before = memory.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> akka.read(manifest, bytes))
            .isInstanceOf(IllegalArgumentException.class);

        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
      }
    }
  }

  @Example
  void nestingWithoutEndIsRefused() {
    // Field 15 as the beginning of a group: 15·8 + 3 = 7b.
    byte[] groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) 0x7b);
    for (String manifest : manifests()) {
      assertRefused(manifest, groups, "too many levels of nesting");
    }
  }

  @Property
  void anyOtherManifestIsRefused(@ForAll String manifest, @ForAll byte[] bytes) {
    Assume.that(!manifests().contains(manifest));
    assertThatThrownBy(() -> akka.read(manifest, bytes))
        .isExactlyInstanceOf(NotSerializableException.class);
  }

  private static List<String> manifests() {
    return examples.stream().map(akka::manifest).distinct().toList();
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  @Example
  void whatIsNoMessageIsNeverWrittenByJava() {
    assertThatThrownBy(() -> akka.write(new Date()))
        .isInstanceOf(DisabledJavaSerializer.JavaSerializationException.class);
  }

  @Example
  void anUnknownManifestIsNamed() {
    assertThatThrownBy(() -> akka.read("rto.v9.Teleport", new byte[0]))
        .isExactlyInstanceOf(NotSerializableException.class)
        .hasMessageContaining("manifest: rto.v9.Teleport (expected: one of [rto.v1.")
        .hasMessageContaining("rto.v1.TaskAccepted");
  }

  @Example
  void anUnknownEventInASnapshotIsNamed() {
    var stored = StoredEvent.newBuilder().setManifest("rto.v9.RunExploded");
    assertRefused(
        "rto.v1.RunSnapshot",
        RunSnapshot.newBuilder().addEvents(stored).build().toByteArray(),
        "manifest: rto.v9.RunExploded (expected: one of [");
  }

  @Example
  void aSnapshotHoldsEventsOnly() {
    var stored = StoredEvent.newBuilder().setManifest("rto.v1.RunSnapshot");
    assertRefused(
        "rto.v1.RunSnapshot",
        RunSnapshot.newBuilder().addEvents(stored).build().toByteArray(),
        "manifest: rto.v1.RunSnapshot (expected: one of [");
  }

  @Example
  void anEndInTheMiddleOfAFieldIsRefused() {
    // id: 4 bytes announced, 3 there
    assertRefused("rto.v1.TaskAccepted", hex("0a04080310"), "ended unexpectedly");
  }

  @Example
  void anAbsentTaskIsNotTaskZero() {
    assertRefused("rto.v1.TaskAccepted", new byte[0], "id: absent (expected: present)");
  }

  @Example
  void whatARecordRefusesIsReportedWithItsManifest() {
    var id = TaskId.newBuilder().setIteration(-1);
    var message = rto.protocol.wire.proto.TaskAccepted.newBuilder().setId(id).build();
    assertRefused("rto.v1.TaskAccepted", message.toByteArray(), "iteration: -1 (expected: >= 0)");
  }

  @Example
  void textThatIsNoAddressIsNoActor() {
    for (String address : List.of("", "Bob", "akka://", "http:///x", "a b c", "/user/bob")) {
      var message = GetStatus.newBuilder().setReplyTo(address).build();
      assertRefused(
          "rto.v1.GetStatus",
          message.toByteArray(),
          "reply-to: '" + address + "' (expected: an actor's address)");
    }
  }

  @Example
  void aFieldThatALaterVersionAddedIsIgnored() {
    // the six bytes of task 3/5, then field 15, a varint: 15·8 + 0 = 78
    var accepted = (TaskAccepted) akka.read("rto.v1.TaskAccepted", hex("0a0408031005" + "7801"));
    assertThat(accepted).isEqualTo(new TaskAccepted(new rto.protocol.TaskId(3, 5)));
  }

  @Example
  void anObjectThatIsNoWireMessageIsRefusedWhenWriting() {
    var serializer = new ProtocolSerializer(null); // the actor system is asked for references only
    assertThatThrownBy(() -> serializer.toBinary("hello"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "message: java.lang.String (expected: a record below rto.protocol.WireMessage)");
  }

  private static void assertRefused(String manifest, byte[] bytes, String reason) {
    assertThatThrownBy(() -> akka.read(manifest, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(manifest + ": cannot read " + bytes.length + " bytes: ")
        .hasMessageContaining(reason);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
