package rto.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.WeightsReply.Unknown;
import rto.protocol.WeightsRequest;
import rto.rollout.WeightsPuller.Pull;
import rto.rollout.WeightsPuller.PullFailed;
import rto.rollout.WeightsPuller.PullReply;
import rto.rollout.WeightsPuller.Pulled;
import rto.rollout.WeightsPuller.Stale;
import rto.simulation.Hashes;

class WeightsPullerTest {

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final PullSettings SETTINGS = new PullSettings(4, DEADLINE, 3);
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final byte[] BYTES = "weights".getBytes(StandardCharsets.UTF_8);
  private static final WeightsRef REF = new WeightsRef(1, Hashes.sha256(BYTES), BYTES.length);

  private final TestProbe<WeightsRequest> learner = KIT.createTestProbe();
  private final TestProbe<PullReply> slot = KIT.createTestProbe();
  private final ActorRef<Pull> puller = KIT.spawn(WeightsPuller.create(SETTINGS));

  @AfterAll
  static void close() {
    KIT.shutdownTestKit();
  }

  @Test
  void pullsChunkByChunkAndOnceForAllSlots() {
    puller.tell(pull());
    puller.tell(pull());

    answer(0, "weig");
    answer(4, "hts");

    assertThat(slot.expectMessageClass(Pulled.class).bytes()).isEqualTo(BYTES);
    assertThat(slot.expectMessageClass(Pulled.class).bytes()).isEqualTo(BYTES);
    learner.expectNoMessage(Duration.ZERO);
  }

  @Test
  void damagedWeightsAreRefusedAndPulledAgain() {
    puller.tell(pull());

    answer(0, "weig");
    answer(4, "HTS");
    answer(0, "weig");
    answer(4, "hts");

    assertThat(slot.expectMessageClass(Pulled.class).bytes()).isEqualTo(BYTES);
  }

  @Test
  void weightsThatStayDamagedAreGivenUpWithTheReason() {
    puller.tell(pull());

    for (int attempt = 1; attempt <= 3; attempt++) {
      answer(0, "weig");
      answer(4, "HTS");
    }

    assertThat(slot.expectMessageClass(PullFailed.class).reason()).isEqualTo("damaged in transit");
  }

  @Test
  void chunkThatIsTooLongIsRefused() {
    puller.tell(pull());

    answer(0, "weights and more");
    answer(0, "weig");
    answer(4, "hts");

    assertThat(slot.expectMessageClass(Pulled.class).bytes()).isEqualTo(BYTES);
  }

  @Test
  void silentLearnerIsAskedAgainWithALineAndALateAnswerDoesNoHarm() {
    puller.tell(pull());
    answer(0, "weig");
    var unanswered = learner.receiveMessage();

    LoggingTestKit.warn("no chunk from")
        .expect(
            KIT.system(),
            () -> {
              TIME.timePasses(DEADLINE);
              return null;
            });
    assertThat(learner.receiveMessage().offset()).isEqualTo(4);
    unanswered.replyTo().tell(chunk(4, "hts"));
    unanswered.replyTo().tell(chunk(4, "hts"));

    assertThat(slot.expectMessageClass(Pulled.class).bytes()).isEqualTo(BYTES);
  }

  @Test
  void learnerThatStaysSilentIsGivenUp() {
    puller.tell(pull());

    for (int attempt = 1; attempt <= 3; attempt++) {
      learner.receiveMessage();
      TIME.timePasses(DEADLINE);
    }

    assertThat(slot.expectMessageClass(PullFailed.class).reason()).startsWith("no chunk from");
  }

  @Test
  void versionThatTheLearnerDoesNotHoldAnyMoreIsStale() {
    puller.tell(pull());
    learner.receiveMessage().replyTo().tell(new Unknown(REF));

    assertThat(slot.receiveMessage()).isEqualTo(new Stale(REF));
  }

  private Pull pull() {
    return new Pull(REF, learner.getRef(), slot.getRef());
  }

  private void answer(long offset, String bytes) {
    var request = learner.receiveMessage();
    assertThat(request.offset()).isEqualTo(offset);
    request.replyTo().tell(chunk(offset, bytes));
  }

  private static Chunk chunk(long offset, String bytes) {
    return new Chunk(REF, offset, bytes.getBytes(StandardCharsets.UTF_8));
  }
}
