package rto.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rto.protocol.Prompt;
import rto.protocol.RunEvent;
import rto.protocol.RunMessage;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.protocol.WeightsReply;
import rto.protocol.WireMessage;

class ProtocolSerializerTest {

  private static final AkkaSerialization akka = new AkkaSerialization();
  private static final List<WireMessage> examples = Examples.all(akka);

  @AfterAll
  static void stop() {
    akka.close();
  }

  static List<WireMessage> examples() {
    return examples;
  }

  @Test
  void everyKindOfMessageHasAnExample() {
    assertThat(examples.stream().<Class<?>>map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(records(WireMessage.class).toList());
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ProtocolSerializerTest::records)
        : Stream.of(type);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleSurvivesAkkasSerialization(WireMessage message) {
    akka.assertSurvives(message);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void akkaChoosesThisSerializerForEveryExample(WireMessage message) {
    assertThat(akka.identifier(message)).isEqualTo(740101);
  }

  @Test
  void anActorReferenceStillReachesItsActor() {
    var asked = new RunMessage.GetStatus(akka.actor(rto.protocol.RunStatus.class));
    var copy = (RunMessage.GetStatus) akka.read("rto.v1.GetStatus", akka.write(asked));
    assertThat(copy.replyTo()).isEqualTo(asked.replyTo());
  }

  @Test
  void manifestsStayWhatJournalsAlreadyHold() {
    assertThat(examples.stream().map(akka::manifest).distinct())
        .containsExactly(
            "rto.v1.TaskOffer",
            "rto.v1.ScoreTask",
            "rto.v1.TaskAccepted",
            "rto.v1.TaskFailed",
            "rto.v1.TaskTaken",
            "rto.v1.NodeLost",
            "rto.v1.WeightsRequest",
            "rto.v1.WeightsChunk",
            "rto.v1.WeightsUnknown",
            "rto.v1.Pause",
            "rto.v1.Continue",
            "rto.v1.GetStatus",
            "rto.v1.RunStatus",
            "rto.v1.RunStarted",
            "rto.v1.IterationStarted",
            "rto.v1.TrajectoriesAccepted",
            "rto.v1.IterationLearned",
            "rto.v1.CheckpointWritten",
            "rto.v1.RunPaused",
            "rto.v1.RunContinued",
            "rto.v1.RunFinished",
            "rto.v1.RunSnapshot",
            "rto.v1.SubmitRun",
            "rto.v1.StopRun",
            "rto.v1.AskDesk",
            "rto.v1.DeskReply",
            "rto.v1.DeskStatus",
            "rto.v1.RunSubmitted",
            "rto.v1.RunEnded",
            "rto.v1.DeskSnapshot",
            "rto.v1.GetCluster",
            "rto.v1.Drain",
            "rto.v1.NodeDied",
            "rto.v1.ClusterStatus");
  }

  @Test
  void taskAcceptedIsSixBytes() {
    // A field starts with number·8 + kind; kind 0 is a varint, 2 is a length and that many bytes.
    // id: field 1 of kind 2 = 0a, 4 bytes: iteration (08) 3, index (10) 5
    assertWrites(new TaskAccepted(new TaskId(3, 5)), "0a04 0803 1005");
  }

  @Test
  void trajectoriesAreVarintsAndLittleEndianFloats() {
    // 0a 00                          id 0/0: zeros are left out, the message itself is not
    // 12 30                          one scored trajectory, 48 bytes
    //   0a 19                          trajectory, 25 bytes
    //     0a 07                          prompt, 7 bytes
    //       08 07  12 03 01 ac 02          index 7; tokens 1 and 300 = 2·128 + 44, low bits first
    //     1a 02 05 02                    response 5 2
    //     22 0a                          log-probs, 10 bytes
    //       0a 08 000000bf 00000080        -0.5 = bf000000, -0 = 80000000
    //   12 0a 0a 08 0000c0bf 0000c07f  reference: -1.5 = bfc00000, NaN = 7fc00000; no dpo (1a)
    //   21 000000000000e03f            reward 0.5 = 3fe0000000000000
    var prompt = new Prompt(7, new int[] {1, 300});
    var trajectory =
        new Trajectory(prompt, 0, new int[] {5, 2}, new float[] {-0.5f, -0f}, false, 0);
    var scored =
        ScoredTrajectory.unscored(trajectory)
            .withReference(new float[] {-1.5f, Float.NaN})
            .withReward(0.5);
    assertWrites(
        new RunEvent.TrajectoriesAccepted(new TaskId(0, 0), List.of(scored)),
        "0a00 1230 0a19 0a07 0807 120301ac02 1a020502 220a 0a08 000000bf 00000080"
            + "120a 0a08 0000c0bf 0000c07f 21 000000000000e03f");
  }

  private static void assertWrites(WireMessage message, String hex) {
    byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(akka.write(message)).isEqualTo(expected);
    assertThat(akka.read(akka.manifest(message), expected)).hasSameClassAs(message);
  }

  @Test
  void aChunkOfManyMegabytesSurvives() {
    byte[] bytes = new byte[16 << 20];
    new Random(1).nextBytes(bytes);
    var copy =
        (WeightsReply.Chunk)
            akka.read(
                "rto.v1.WeightsChunk",
                akka.write(new WeightsReply.Chunk(Examples.WEIGHTS, 1, bytes)));
    assertThat(Arrays.equals(copy.bytes(), bytes)).isTrue();
  }

  @Test
  void trajectoriesOfManyMegabytesSurvive() {
    // 64 responses of 16,384 tokens with three columns: 64 · 16384 · (3·4 + 2) bytes = 14 MB
    int length = 16_384;
    float[] column = new float[length];
    int[] response = new Random(2).ints(length, 128, 16_384).toArray();
    for (int h = 0; h < length; h++) {
      column[h] = -h / 7f;
    }
    var trajectory = new Trajectory(Examples.PROMPT, 1, response, column, true, 2);
    var scored = ScoredTrajectory.unscored(trajectory).withReference(column).withDpo(column);
    var event =
        new RunEvent.TrajectoriesAccepted(
            Examples.ID,
            List.of(scored).stream().flatMap(one -> Stream.generate(() -> one).limit(64)).toList());

    byte[] bytes = akka.write(event);
    var copy = (RunEvent.TrajectoriesAccepted) akka.read("rto.v1.TrajectoriesAccepted", bytes);

    assertThat(bytes).hasSizeGreaterThan(14_000_000);
    assertThat(copy.trajectories()).hasSize(64);
    var last = copy.trajectories().get(63);
    assertThat(last.trajectory().response()).isEqualTo(response);
    assertThat(last.trajectory().logProbs()).isEqualTo(column);
    assertThat(last.reference().orElseThrow()).isEqualTo(column);
    assertThat(last.dpo().orElseThrow()).isEqualTo(column);
  }
}
