package rto.protocol.wire;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import rto.protocol.Require;
import rto.protocol.wire.proto.LogProbs;
import rto.protocol.wire.proto.Prompt;
import rto.protocol.wire.proto.Sampling;
import rto.protocol.wire.proto.ScoredTrajectory;
import rto.protocol.wire.proto.TaskId;
import rto.protocol.wire.proto.Trajectory;
import rto.protocol.wire.proto.WeightsRef;

/** The records that messages are made of, to protobuf and back. */
final class Parts {

  private Parts() {}

  /** Returns {@code part} if it was present in the bytes; nothing stands in for an absent one. */
  static <P extends Message> P required(String field, boolean present, P part) {
    Require.that(present, "%s: absent (expected: present)", field);
    return part;
  }

  static TaskId toProto(rto.protocol.TaskId id) {
    return TaskId.newBuilder().setIteration(id.iteration()).setIndex(id.index()).build();
  }

  static rto.protocol.TaskId fromProto(TaskId id) {
    return new rto.protocol.TaskId(id.getIteration(), id.getIndex());
  }

  static WeightsRef toProto(rto.protocol.WeightsRef weights) {
    var message =
        WeightsRef.newBuilder()
            .setVersion(weights.version())
            .setSha256(weights.sha256())
            .setBytes(weights.bytes());
    weights.base().ifPresent(message::setBase);
    return message.build();
  }

  static rto.protocol.WeightsRef fromProto(WeightsRef weights) {
    return new rto.protocol.WeightsRef(
        weights.getVersion(),
        weights.getSha256(),
        weights.getBytes(),
        weights.hasBase() ? Optional.of(weights.getBase()) : Optional.empty());
  }

  static Sampling toProto(rto.protocol.Sampling sampling) {
    var message =
        Sampling.newBuilder()
            .setTemperature(sampling.temperature())
            .setMaxNewTokens(sampling.maxNewTokens());
    sampling.topK().ifPresent(message::setTopK);
    sampling.topP().ifPresent(message::setTopP);
    return message.build();
  }

  static rto.protocol.Sampling fromProto(Sampling sampling) {
    return new rto.protocol.Sampling(
        sampling.getTemperature(),
        sampling.hasTopK() ? OptionalInt.of(sampling.getTopK()) : OptionalInt.empty(),
        sampling.hasTopP() ? OptionalDouble.of(sampling.getTopP()) : OptionalDouble.empty(),
        sampling.getMaxNewTokens());
  }

  static Prompt toProto(rto.protocol.Prompt prompt) {
    var message = Prompt.newBuilder().setIndex(prompt.index());
    IntStream.of(prompt.tokens()).forEach(message::addTokens);
    return message.build();
  }

  static rto.protocol.Prompt fromProto(Prompt prompt) {
    int[] tokens =
        IntStream.range(0, prompt.getTokensCount()).map(prompt::getTokens).toArray(); // [P]
    return new rto.protocol.Prompt(prompt.getIndex(), tokens);
  }

  static Trajectory toProto(rto.protocol.Trajectory trajectory) {
    var message =
        Trajectory.newBuilder()
            .setPrompt(toProto(trajectory.prompt()))
            .setSample(trajectory.sample())
            .setLogProbs(toProto(trajectory.logProbs()))
            .setTruncated(trajectory.truncated())
            .setPolicyVersion(trajectory.policyVersion());
    IntStream.of(trajectory.response()).forEach(message::addResponse);
    return message.build();
  }

  static rto.protocol.Trajectory fromProto(Trajectory trajectory) {
    int[] response =
        IntStream.range(0, trajectory.getResponseCount()).map(trajectory::getResponse).toArray();
    return new rto.protocol.Trajectory(
        fromProto(required("prompt", trajectory.hasPrompt(), trajectory.getPrompt())),
        trajectory.getSample(),
        response, // [H]
        fromProto(required("log-probs", trajectory.hasLogProbs(), trajectory.getLogProbs())),
        trajectory.getTruncated(),
        trajectory.getPolicyVersion());
  }

  static ScoredTrajectory toProto(rto.protocol.ScoredTrajectory scored) {
    var message = ScoredTrajectory.newBuilder().setTrajectory(toProto(scored.trajectory()));
    scored.reference().map(Parts::toProto).ifPresent(message::setReference);
    scored.dpo().map(Parts::toProto).ifPresent(message::setDpo);
    scored.reward().ifPresent(message::setReward);
    return message.build();
  }

  static rto.protocol.ScoredTrajectory fromProto(ScoredTrajectory scored) {
    return new rto.protocol.ScoredTrajectory(
        fromProto(required("trajectory", scored.hasTrajectory(), scored.getTrajectory())),
        scored.hasReference() ? Optional.of(fromProto(scored.getReference())) : Optional.empty(),
        scored.hasDpo() ? Optional.of(fromProto(scored.getDpo())) : Optional.empty(),
        scored.hasReward() ? OptionalDouble.of(scored.getReward()) : OptionalDouble.empty());
  }

  private static LogProbs toProto(float[] values) {
    var message = LogProbs.newBuilder();
    for (float value : values) {
      message.addValues(value);
    }
    return message.build();
  }

  private static float[] fromProto(LogProbs logProbs) {
    float[] values = new float[logProbs.getValuesCount()]; // [H]
    for (int h = 0; h < values.length; h++) {
      values[h] = logProbs.getValues(h);
    }
    return values;
  }
}
