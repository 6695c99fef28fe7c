package rto.protocol.wire;

import java.util.List;
import rto.protocol.RunMessage;
import rto.protocol.wire.proto.Continue;
import rto.protocol.wire.proto.GetStatus;
import rto.protocol.wire.proto.Pause;
import rto.protocol.wire.proto.RunStatus;

/** The messages of run.proto. */
final class RunCodecs {

  private RunCodecs() {}

  static List<Codec<?, ?>> all(ActorRefs refs) {
    return List.of(
        Codec.of(
            RunMessage.Pause.class,
            Pause.getDefaultInstance(),
            pause -> Pause.getDefaultInstance(),
            message -> new RunMessage.Pause()),
        Codec.of(
            RunMessage.Continue.class,
            Continue.getDefaultInstance(),
            go -> Continue.getDefaultInstance(),
            message -> new RunMessage.Continue()),
        Codec.of(
            RunMessage.GetStatus.class,
            GetStatus.getDefaultInstance(),
            get -> GetStatus.newBuilder().setReplyTo(refs.toAddress(get.replyTo())).build(),
            message ->
                new RunMessage.GetStatus(refs.fromAddress("reply-to", message.getReplyTo()))),
        Codec.of(
            rto.protocol.RunStatus.class,
            RunStatus.getDefaultInstance(),
            RunCodecs::encodeStatus,
            RunCodecs::decodeStatus));
  }

  static RunStatus encodeStatus(rto.protocol.RunStatus status) {
    return RunStatus.newBuilder()
        .setRun(status.run())
        .setPhase(status.phase())
        .setIteration(status.iteration())
        .setIterations(status.iterations())
        .setTasksDone(status.tasksDone())
        .setTasks(status.tasks())
        .setTasksOpen(status.tasksOpen())
        .setTasksWaiting(status.tasksWaiting())
        .setWaitingFor(status.waitingFor())
        .putAllMetrics(status.metrics())
        .setDigest(status.digest())
        .build();
  }

  static rto.protocol.RunStatus decodeStatus(RunStatus message) {
    return new rto.protocol.RunStatus(
        message.getRun(),
        message.getPhase(),
        message.getIteration(),
        message.getIterations(),
        message.getTasksDone(),
        message.getTasks(),
        message.getTasksOpen(),
        message.getTasksWaiting(),
        message.getWaitingFor(),
        message.getMetricsMap(),
        message.getDigest());
  }
}
