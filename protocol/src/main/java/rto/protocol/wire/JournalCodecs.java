package rto.protocol.wire;

import static rto.protocol.wire.Parts.fromProto;
import static rto.protocol.wire.Parts.required;
import static rto.protocol.wire.Parts.toProto;

import java.util.List;
import rto.protocol.RunEvent;
import rto.protocol.wire.proto.CheckpointWritten;
import rto.protocol.wire.proto.IterationLearned;
import rto.protocol.wire.proto.IterationStarted;
import rto.protocol.wire.proto.RunContinued;
import rto.protocol.wire.proto.RunFinished;
import rto.protocol.wire.proto.RunPaused;
import rto.protocol.wire.proto.RunStarted;
import rto.protocol.wire.proto.TrajectoriesAccepted;

/** The events of journal.proto. */
final class JournalCodecs {

  private JournalCodecs() {}

  static List<Codec<?, ?>> all() {
    return List.of(
        Codec.of(
            RunEvent.RunStarted.class,
            RunStarted.getDefaultInstance(),
            JournalCodecs::encodeStarted,
            message -> new RunEvent.RunStarted(message.getRun(), message.getConfigDigest())),
        Codec.of(
            RunEvent.IterationStarted.class,
            IterationStarted.getDefaultInstance(),
            JournalCodecs::encodeIterationStarted,
            JournalCodecs::decodeIterationStarted),
        Codec.of(
            RunEvent.TrajectoriesAccepted.class,
            TrajectoriesAccepted.getDefaultInstance(),
            JournalCodecs::encodeAccepted,
            JournalCodecs::decodeAccepted),
        Codec.of(
            RunEvent.IterationLearned.class,
            IterationLearned.getDefaultInstance(),
            JournalCodecs::encodeLearned,
            JournalCodecs::decodeLearned),
        Codec.of(
            RunEvent.CheckpointWritten.class,
            CheckpointWritten.getDefaultInstance(),
            JournalCodecs::encodeCheckpoint,
            JournalCodecs::decodeCheckpoint),
        Codec.of(
            RunEvent.RunPaused.class,
            RunPaused.getDefaultInstance(),
            paused -> RunPaused.getDefaultInstance(),
            message -> new RunEvent.RunPaused()),
        Codec.of(
            RunEvent.RunContinued.class,
            RunContinued.getDefaultInstance(),
            continued -> RunContinued.getDefaultInstance(),
            message -> new RunEvent.RunContinued()),
        Codec.of(
            RunEvent.RunFinished.class,
            RunFinished.getDefaultInstance(),
            finished -> RunFinished.newBuilder().setDigest(finished.digest()).build(),
            message -> new RunEvent.RunFinished(message.getDigest())));
  }

  private static RunStarted encodeStarted(RunEvent.RunStarted started) {
    return RunStarted.newBuilder()
        .setRun(started.run())
        .setConfigDigest(started.configDigest())
        .build();
  }

  private static IterationStarted encodeIterationStarted(RunEvent.IterationStarted started) {
    return IterationStarted.newBuilder()
        .setIteration(started.iteration())
        .setWeights(toProto(started.weights()))
        .build();
  }

  private static RunEvent.IterationStarted decodeIterationStarted(IterationStarted message) {
    return new RunEvent.IterationStarted(
        message.getIteration(),
        fromProto(required("weights", message.hasWeights(), message.getWeights())));
  }

  private static TrajectoriesAccepted encodeAccepted(RunEvent.TrajectoriesAccepted accepted) {
    var message = TrajectoriesAccepted.newBuilder().setId(toProto(accepted.id()));
    accepted.trajectories().forEach(scored -> message.addTrajectories(toProto(scored)));
    return message.build();
  }

  private static RunEvent.TrajectoriesAccepted decodeAccepted(TrajectoriesAccepted message) {
    return new RunEvent.TrajectoriesAccepted(
        fromProto(required("id", message.hasId(), message.getId())),
        message.getTrajectoriesList().stream().map(Parts::fromProto).toList());
  }

  private static IterationLearned encodeLearned(RunEvent.IterationLearned learned) {
    return IterationLearned.newBuilder()
        .setIteration(learned.iteration())
        .setWeights(toProto(learned.weights()))
        .setDigest(learned.digest())
        .putAllMetrics(learned.metrics())
        .build();
  }

  private static RunEvent.IterationLearned decodeLearned(IterationLearned message) {
    return new RunEvent.IterationLearned(
        message.getIteration(),
        fromProto(required("weights", message.hasWeights(), message.getWeights())),
        message.getDigest(),
        message.getMetricsMap());
  }

  private static CheckpointWritten encodeCheckpoint(RunEvent.CheckpointWritten written) {
    return CheckpointWritten.newBuilder()
        .setIteration(written.iteration())
        .setFolder(written.folder())
        .setDigest(written.digest())
        .build();
  }

  private static RunEvent.CheckpointWritten decodeCheckpoint(CheckpointWritten message) {
    return new RunEvent.CheckpointWritten(
        message.getIteration(), message.getFolder(), message.getDigest());
  }
}
