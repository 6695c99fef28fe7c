package rto.learner;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import rto.learner.LearnerEngine.Snapshot;
import rto.protocol.WeightsReply;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.WeightsReply.Unknown;
import rto.protocol.WeightsRequest;

/**
 * The bytes of the newest versions, the newest first: the present one and the one before, which
 * tasks still name when the staleness is 1.
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

  WeightsReply answer(WeightsRequest request) {
    return snapshots.stream()
        .filter(snapshot -> snapshot.ref().equals(request.weights()))
        .findFirst()
        .<WeightsReply>map(snapshot -> chunk(snapshot.bytes(), request))
        .orElseGet(() -> new Unknown(request.weights()));
  }

  private static Chunk chunk(byte[] bytes, WeightsRequest request) {
    int from = (int) Math.min(bytes.length, request.offset());
    int to = (int) Math.min(bytes.length, (long) from + request.maxBytes());
    return new Chunk(request.weights(), request.offset(), Arrays.copyOfRange(bytes, from, to));
  }
}
