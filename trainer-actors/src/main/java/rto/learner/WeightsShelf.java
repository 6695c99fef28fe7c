package rto.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import rto.learner.LearnerEngine.Snapshot;
import rto.protocol.WeightsReply;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.WeightsReply.Unknown;
import rto.protocol.WeightsRequest;

/**
 * The newest versions, the newest first: the present one and the one before, which tasks still name
 * when the staleness is 1. Nothing is kept of who asked for what: a receiver that dies leaves no
 * trace here.
 */
record WeightsShelf(List<Snapshot> snapshots) {

  private static final int KEPT = 2;

  static WeightsShelf empty() {
    return new WeightsShelf(List.of());
  }

  WeightsShelf with(Snapshot newest) {
    return new WeightsShelf(
        Stream.concat(Stream.of(newest), snapshots.stream()).limit(KEPT).toList());
  }

  /** Frees what is here and not on the shelf that comes after this one. */
  void giveWayTo(WeightsShelf next) {
    snapshots.stream()
        .filter(snapshot -> !next.snapshots().contains(snapshot))
        .forEach(snapshot -> snapshot.file().close());
  }

  WeightsReply answer(WeightsRequest request) {
    return snapshots.stream()
        .filter(snapshot -> snapshot.ref().equals(request.weights()))
        .findFirst()
        .<WeightsReply>map(snapshot -> chunk(snapshot, request))
        .orElseGet(() -> new Unknown(request.weights()));
  }

  private static Chunk chunk(Snapshot snapshot, WeightsRequest request) {
    try {
      byte[] bytes = snapshot.file().read(request.offset(), request.maxBytes());
      return new Chunk(request.weights(), request.offset(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("weights version " + snapshot.ref().version(), e);
    }
  }
}
