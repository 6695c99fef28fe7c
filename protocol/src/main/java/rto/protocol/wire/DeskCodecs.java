package rto.protocol.wire;

import java.util.List;
import java.util.Optional;
import rto.protocol.DeskEvent;
import rto.protocol.DeskMessage;
import rto.protocol.wire.proto.AskDesk;
import rto.protocol.wire.proto.DeskReply;
import rto.protocol.wire.proto.DeskSnapshot;
import rto.protocol.wire.proto.DeskStatus;
import rto.protocol.wire.proto.RunEnded;
import rto.protocol.wire.proto.RunSubmitted;
import rto.protocol.wire.proto.StopRun;
import rto.protocol.wire.proto.SubmitRun;

/** The messages of desk.proto. */
final class DeskCodecs {

  private DeskCodecs() {}

  static List<Codec<?, ?>> all(ActorRefs refs) {
    return List.of(
        Codec.of(
            DeskMessage.SubmitRun.class,
            SubmitRun.getDefaultInstance(),
            submit ->
                SubmitRun.newBuilder()
                    .setRun(submit.run())
                    .setConfig(submit.config())
                    .setReplyTo(refs.toAddress(submit.replyTo()))
                    .build(),
            message ->
                new DeskMessage.SubmitRun(
                    message.getRun(),
                    message.getConfig(),
                    refs.fromAddress("reply-to", message.getReplyTo()))),
        Codec.of(
            DeskMessage.StopRun.class,
            StopRun.getDefaultInstance(),
            stop -> StopRun.newBuilder().setReplyTo(refs.toAddress(stop.replyTo())).build(),
            message -> new DeskMessage.StopRun(refs.fromAddress("reply-to", message.getReplyTo()))),
        Codec.of(
            DeskMessage.AskDesk.class,
            AskDesk.getDefaultInstance(),
            ask -> AskDesk.newBuilder().setReplyTo(refs.toAddress(ask.replyTo())).build(),
            message -> new DeskMessage.AskDesk(refs.fromAddress("reply-to", message.getReplyTo()))),
        Codec.of(
            rto.protocol.DeskReply.class,
            DeskReply.getDefaultInstance(),
            reply ->
                DeskReply.newBuilder().setAccepted(reply.accepted()).setText(reply.text()).build(),
            message -> new rto.protocol.DeskReply(message.getAccepted(), message.getText())),
        Codec.of(
            rto.protocol.DeskStatus.class,
            DeskStatus.getDefaultInstance(),
            DeskCodecs::encodeStatus,
            DeskCodecs::decodeStatus),
        Codec.of(
            DeskEvent.RunSubmitted.class,
            RunSubmitted.getDefaultInstance(),
            DeskCodecs::encodeSubmitted,
            DeskCodecs::decodeSubmitted),
        Codec.of(
            DeskEvent.RunEnded.class,
            RunEnded.getDefaultInstance(),
            DeskCodecs::encodeEnded,
            DeskCodecs::decodeEnded),
        Codec.of(
            rto.protocol.DeskSnapshot.class,
            DeskSnapshot.getDefaultInstance(),
            DeskCodecs::encodeSnapshot,
            DeskCodecs::decodeSnapshot));
  }

  static DeskStatus encodeStatus(rto.protocol.DeskStatus status) {
    var message =
        DeskStatus.newBuilder()
            .setRun(status.run())
            .setConfig(status.config())
            .setBrain(status.brain())
            .setStage(status.stage().name())
            .setStageUnit(status.stage().unit())
            .setStageDone(status.stage().done())
            .setStageTotal(status.stage().total());
    status.status().map(RunCodecs::encodeStatus).ifPresent(message::setStatus);
    status.last().map(DeskCodecs::encodeEnded).ifPresent(message::setLast);
    return message.build();
  }

  static rto.protocol.DeskStatus decodeStatus(DeskStatus message) {
    return new rto.protocol.DeskStatus(
        message.getRun(),
        message.getConfig(),
        message.getBrain(),
        new rto.protocol.DeskStatus.Stage(
            message.getStage(),
            message.getStageUnit(),
            message.getStageDone(),
            message.getStageTotal()),
        message.hasStatus()
            ? Optional.of(RunCodecs.decodeStatus(message.getStatus()))
            : Optional.empty(),
        message.hasLast() ? Optional.of(decodeEnded(message.getLast())) : Optional.empty());
  }

  private static DeskSnapshot encodeSnapshot(rto.protocol.DeskSnapshot snapshot) {
    var message = DeskSnapshot.newBuilder();
    snapshot.on().map(DeskCodecs::encodeSubmitted).ifPresent(message::setOn);
    snapshot.last().map(DeskCodecs::encodeEnded).ifPresent(message::setLast);
    return message.build();
  }

  private static rto.protocol.DeskSnapshot decodeSnapshot(DeskSnapshot message) {
    return new rto.protocol.DeskSnapshot(
        message.hasOn() ? Optional.of(decodeSubmitted(message.getOn())) : Optional.empty(),
        message.hasLast() ? Optional.of(decodeEnded(message.getLast())) : Optional.empty());
  }

  private static RunSubmitted encodeSubmitted(DeskEvent.RunSubmitted event) {
    return RunSubmitted.newBuilder().setRun(event.run()).setConfig(event.config()).build();
  }

  private static DeskEvent.RunSubmitted decodeSubmitted(RunSubmitted message) {
    return new DeskEvent.RunSubmitted(message.getRun(), message.getConfig());
  }

  private static RunEnded encodeEnded(DeskEvent.RunEnded event) {
    var how =
        switch (event.how()) {
          case FINISHED -> RunEnded.How.HOW_FINISHED;
          case FAILED -> RunEnded.How.HOW_FAILED;
          case STOPPED -> RunEnded.How.HOW_STOPPED;
        };
    return RunEnded.newBuilder().setRun(event.run()).setHow(how).setText(event.text()).build();
  }

  private static DeskEvent.RunEnded decodeEnded(RunEnded message) {
    var how =
        switch (message.getHow()) {
          case HOW_FINISHED -> DeskEvent.How.FINISHED;
          case HOW_FAILED -> DeskEvent.How.FAILED;
          case HOW_STOPPED -> DeskEvent.How.STOPPED;
          case HOW_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("how: absent (expected: how the run ended)");
        };
    return new DeskEvent.RunEnded(message.getRun(), how, message.getText());
  }
}
