package rto.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.checkpoint.ScratchFile;
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
import rto.simulation.Snapshots;

class WeightsPullerTest {

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final PullSettings SETTINGS = new PullSettings(4, 1, DEADLINE, 3);
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final byte[] BYTES = "weights".getBytes(StandardCharsets.UTF_8);
  private static final WeightsRef REF = new WeightsRef(1, Hashes.sha256(BYTES), BYTES.length);

  private final TestProbe<WeightsRequest> learner = KIT.createTestProbe();
  private final TestProbe<PullReply> slot = KIT.createTestProbe();
  private final ActorRef<Pull> puller = KIT.spawn(WeightsPuller.create(SETTINGS, 2));

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

    assertThat(pulled()).isEqualTo(BYTES);
    assertThat(pulled()).isEqualTo(BYTES);
    learner.expectNoMessage(Duration.ZERO);
  }

  @Test
  void damagedWeightsAreRefusedAndPulledAgain() {
    puller.tell(pull());

    answer(0, "weig");
    answer(4, "HTS");
    answer(0, "weig");
    answer(4, "hts");

    assertThat(pulled()).isEqualTo(BYTES);
  }

  @Test
  void weightsThatStayDamagedAreGivenUpWithTheReason() {
    puller.tell(pull());

    for (int attempt = 1; attempt <= 3; attempt++) {
      answer(0, "weig");
      answer(4, "HTS");
    }

    assertThat(slot.expectMessageClass(PullFailed.class).reason())
        .startsWith("weights version 1 from ")
        .endsWith(": damaged in transit");
  }

  @Test
  void chunkThatIsTooLongIsRefused() {
    puller.tell(pull());

    answer(0, "weights and more");
    answer(0, "weig");
    answer(4, "hts");

    assertThat(pulled()).isEqualTo(BYTES);
  }

  @Test
  void silentLearnerIsAskedAgainWithALineAndALateAnswerDoesNoHarm() {
    puller.tell(pull());
    answer(0, "weig");
    var unanswered = learner.receiveMessage();

    LoggingTestKit.warn(", at byte 4; asked again, attempt 2 of 3")
        .expect(
            KIT.system(),
            () -> {
              TIME.timePasses(DEADLINE);
              return null;
            });
    assertThat(learner.receiveMessage().offset()).isEqualTo(4);
    unanswered.replyTo().tell(chunk(4, "hts"));
    unanswered.replyTo().tell(chunk(4, "hts"));

    assertThat(pulled()).isEqualTo(BYTES);
  }

  @Test
  void learnerThatStaysSilentIsGivenUp() {
    puller.tell(pull());

    for (int attempt = 1; attempt <= 3; attempt++) {
      learner.receiveMessage();
      TIME.timePasses(DEADLINE);
    }

    assertThat(slot.expectMessageClass(PullFailed.class).reason())
        .startsWith("weights version 1 from ")
        .contains(": no chunk since ")
        .endsWith(", at byte 0");
  }

  @Test
  void versionThatTheLearnerDoesNotHoldAnyMoreIsStale() {
    puller.tell(pull());
    learner.receiveMessage().replyTo().tell(new Unknown(REF));

    assertThat(slot.receiveMessage()).isEqualTo(new Stale(REF));
  }

  @Test
  void nextChunksAreAskedForOnlyAsOthersArrive() {
    ActorRef<Pull> eager = KIT.spawn(WeightsPuller.create(new PullSettings(2, 2, DEADLINE, 3), 2));
    eager.tell(pull());

    var first = learner.receiveMessage();
    assertThat(List.of(first.offset(), learner.receiveMessage().offset())).containsExactly(0L, 2L);
    learner.expectNoMessage(Duration.ZERO);
    first.replyTo().tell(chunk(0, "we"));
    assertThat(learner.receiveMessage().offset()).isEqualTo(4);
    learner.expectNoMessage(Duration.ZERO);
    first.replyTo().tell(chunk(2, "ig"));
    assertThat(learner.receiveMessage().offset()).isEqualTo(6);
    first.replyTo().tell(chunk(4, "ht"));
    first.replyTo().tell(chunk(6, "s"));

    assertThat(pulled()).isEqualTo(BYTES);
    learner.expectNoMessage(Duration.ZERO);
  }

  @Test
  void adapterIsPulledWhateverItsBase() {
    var adapter = new WeightsRef(2, Hashes.sha256("ada"), 3, Optional.of(REF.sha256()));
    puller.tell(new Pull(adapter, learner.getRef(), slot.getRef()));

    var ada = new Chunk(adapter, 0, "ada".getBytes(StandardCharsets.UTF_8));
    learner.receiveMessage().replyTo().tell(ada);

    assertThat(slot.expectMessageClass(Pulled.class).ref()).isEqualTo(adapter);
  }

  @Test
  void asManyVersionsAreKeptAsThereAreSlotsAndNoneAfterTheEnd() {
    var files = IntStream.rangeClosed(1, 3).mapToObj(this::pullVersion).toList();

    assertThat(files).extracting(ScratchFile::isOpen).containsExactly(false, true, true);
    KIT.stop(puller);
    assertThat(files).noneMatch(ScratchFile::isOpen);
  }

  private ScratchFile pullVersion(int version) {
    var ref = new WeightsRef(version, Hashes.sha256("abc"), 3);
    puller.tell(new Pull(ref, learner.getRef(), slot.getRef()));
    var abc = new Chunk(ref, 0, "abc".getBytes(StandardCharsets.UTF_8));
    learner.receiveMessage().replyTo().tell(abc);
    return slot.expectMessageClass(Pulled.class).file();
  }

  private byte[] pulled() {
    return Snapshots.bytes(slot.expectMessageClass(Pulled.class).file());
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
