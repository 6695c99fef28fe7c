package rto.protocol.wire;

import static rto.protocol.wire.Parts.fromProto;
import static rto.protocol.wire.Parts.required;
import static rto.protocol.wire.Parts.toProto;

import java.util.List;
import rto.protocol.RunMessage;
import rto.protocol.wire.proto.NodeLost;
import rto.protocol.wire.proto.RolloutTask;
import rto.protocol.wire.proto.ScoreTask;
import rto.protocol.wire.proto.TaskAccepted;
import rto.protocol.wire.proto.TaskFailed;
import rto.protocol.wire.proto.TaskOffer;
import rto.protocol.wire.proto.TaskTaken;

/** The messages of rollout.proto. */
final class RolloutCodecs {

  private final ActorRefs refs;

  private RolloutCodecs(ActorRefs refs) {
    this.refs = refs;
  }

  static List<Codec<?, ?>> all(ActorRefs refs) {
    var codecs = new RolloutCodecs(refs);
    return List.of(
        Codec.of(
            rto.protocol.TaskOffer.class,
            TaskOffer.getDefaultInstance(),
            codecs::encodeOffer,
            codecs::decodeOffer),
        Codec.of(
            RunMessage.ScoreTask.class,
            ScoreTask.getDefaultInstance(),
            codecs::encodeScoreTask,
            codecs::decodeScoreTask),
        Codec.of(
            rto.protocol.TaskAccepted.class,
            TaskAccepted.getDefaultInstance(),
            accepted -> TaskAccepted.newBuilder().setId(toProto(accepted.id())).build(),
            message ->
                new rto.protocol.TaskAccepted(
                    fromProto(required("id", message.hasId(), message.getId())))),
        Codec.of(
            RunMessage.TaskFailed.class,
            TaskFailed.getDefaultInstance(),
            RolloutCodecs::encodeFailed,
            RolloutCodecs::decodeFailed),
        Codec.of(
            RunMessage.TaskTaken.class,
            TaskTaken.getDefaultInstance(),
            codecs::encodeTaken,
            codecs::decodeTaken),
        Codec.of(
            RunMessage.NodeLost.class,
            NodeLost.getDefaultInstance(),
            lost -> NodeLost.newBuilder().setNode(lost.node()).build(),
            message -> new RunMessage.NodeLost(message.getNode())));
  }

  private TaskOffer encodeOffer(rto.protocol.TaskOffer offer) {
    return TaskOffer.newBuilder()
        .setTask(encodeTask(offer.task()))
        .setWeightsFrom(refs.toAddress(offer.weightsFrom()))
        .build();
  }

  private rto.protocol.TaskOffer decodeOffer(TaskOffer message) {
    return new rto.protocol.TaskOffer(
        decodeTask(required("task", message.hasTask(), message.getTask())),
        refs.fromAddress("weights-from", message.getWeightsFrom()));
  }

  private static RolloutTask encodeTask(rto.protocol.RolloutTask task) {
    var message =
        RolloutTask.newBuilder()
            .setRun(task.run())
            .setId(toProto(task.id()))
            .setSamplesPerPrompt(task.samplesPerPrompt())
            .setWeights(toProto(task.weights()))
            .setSampling(toProto(task.sampling()))
            .addAllEndTokens(task.endTokens())
            .setSeed(task.seed());
    task.prompts().forEach(prompt -> message.addPrompts(toProto(prompt)));
    return message.build();
  }

  private static rto.protocol.RolloutTask decodeTask(RolloutTask message) {
    return new rto.protocol.RolloutTask(
        message.getRun(),
        fromProto(required("id", message.hasId(), message.getId())),
        message.getPromptsList().stream().map(Parts::fromProto).toList(),
        message.getSamplesPerPrompt(),
        fromProto(required("weights", message.hasWeights(), message.getWeights())),
        fromProto(required("sampling", message.hasSampling(), message.getSampling())),
        message.getEndTokensList(),
        message.getSeed());
  }

  private ScoreTask encodeScoreTask(RunMessage.ScoreTask task) {
    var message =
        ScoreTask.newBuilder()
            .setRun(task.run())
            .setId(toProto(task.id()))
            .setWorker(refs.toAddress(task.worker()));
    task.trajectories().forEach(scored -> message.addTrajectories(toProto(scored)));
    return message.build();
  }

  private RunMessage.ScoreTask decodeScoreTask(ScoreTask message) {
    return new RunMessage.ScoreTask(
        message.getRun(),
        fromProto(required("id", message.hasId(), message.getId())),
        message.getTrajectoriesList().stream().map(Parts::fromProto).toList(),
        refs.fromAddress("worker", message.getWorker()));
  }

  private static TaskFailed encodeFailed(RunMessage.TaskFailed failed) {
    return TaskFailed.newBuilder()
        .setRun(failed.run())
        .setId(toProto(failed.id()))
        .setWhere(failed.where())
        .setReason(failed.reason())
        .build();
  }

  private static RunMessage.TaskFailed decodeFailed(TaskFailed message) {
    return new RunMessage.TaskFailed(
        message.getRun(),
        fromProto(required("id", message.hasId(), message.getId())),
        message.getWhere(),
        message.getReason());
  }

  private TaskTaken encodeTaken(RunMessage.TaskTaken taken) {
    return TaskTaken.newBuilder()
        .setRun(taken.run())
        .setId(toProto(taken.id()))
        .setWorker(refs.toAddress(taken.worker()))
        .build();
  }

  private RunMessage.TaskTaken decodeTaken(TaskTaken message) {
    return new RunMessage.TaskTaken(
        message.getRun(),
        fromProto(required("id", message.hasId(), message.getId())),
        refs.fromAddress("worker", message.getWorker()));
  }
}
