package rto.protocol.wire;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import rto.protocol.RunEvent;
import rto.protocol.wire.proto.RunSnapshot;
import rto.protocol.wire.proto.StoredEvent;

/** A snapshot holds its events as the journal does: each as its manifest and its bytes. */
final class SnapshotCodec {

  private final CodecTable events = new CodecTable(JournalCodecs.all());

  private SnapshotCodec() {}

  static Codec<?, ?> create() {
    var codec = new SnapshotCodec();
    return Codec.of(
        rto.protocol.RunSnapshot.class,
        RunSnapshot.getDefaultInstance(),
        codec::encode,
        codec::decode);
  }

  private RunSnapshot encode(rto.protocol.RunSnapshot snapshot) {
    var message = RunSnapshot.newBuilder();
    snapshot.events().forEach(event -> message.addEvents(store(event)));
    return message.build();
  }

  private StoredEvent store(RunEvent event) {
    return StoredEvent.newBuilder()
        .setManifest(events.manifest(event))
        .setEvent(ByteString.copyFrom(events.encode(event)))
        .build();
  }

  private rto.protocol.RunSnapshot decode(RunSnapshot message) throws IOException {
    List<RunEvent> decoded = new ArrayList<>();
    for (StoredEvent stored : message.getEventsList()) {
      byte[] bytes = stored.getEvent().toByteArray();
      decoded.add((RunEvent) events.decode(stored.getManifest(), bytes));
    }
    return new rto.protocol.RunSnapshot(decoded);
  }
}
