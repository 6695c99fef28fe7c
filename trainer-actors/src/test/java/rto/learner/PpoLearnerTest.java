package rto.learner;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.LearnerCommand;
import rto.protocol.LearnerCommand.DropCheckpoints;
import rto.protocol.LearnerCommand.Learn;
import rto.protocol.LearnerCommand.Restore;
import rto.protocol.LearnerCommand.WriteCheckpoint;
import rto.protocol.LearnerReply;
import rto.protocol.LearnerReply.CheckpointDamaged;
import rto.protocol.LearnerReply.CheckpointDone;
import rto.protocol.LearnerReply.CheckpointsDropped;
import rto.protocol.LearnerReply.Learned;
import rto.protocol.LearnerReply.LearnerFailed;
import rto.protocol.LearnerReply.Restored;
import rto.protocol.ScoredTrajectory;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.WeightsReply.Unknown;
import rto.protocol.WeightsRequest;
import rto.simulation.HashingLearner;
import rto.simulation.House;

class PpoLearnerTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final TestProbe<LearnerReply> run = KIT.createTestProbe();
  private final TestProbe<WeightsReply> worker = KIT.createTestProbe();

  @AfterAll
  static void close() {
    KIT.shutdownTestKit();
  }

  @Test
  void learnsFromWhereItWasRestored() {
    var disk = new HashingLearner.Disk();
    var first = restored(start(disk.newLearner()), Optional.empty());
    var learner = start(disk.newLearner());
    restored(learner, Optional.empty());
    var learned = learned(learner, 0);
    learner.tell(new WriteCheckpoint(0, run.getRef()));
    var checkpoint = run.expectMessageClass(CheckpointDone.class);

    var again = restored(start(disk.newLearner()), Optional.of(checkpoint.folder()));

    assertThat(first.weights().version()).isZero();
    assertThat(again.weights()).isEqualTo(learned.weights());
    assertThat(again.digest()).isEqualTo(learned.digest()).isEqualTo(checkpoint.digest());
  }

  @Test
  void handsOutThePresentVersionAndTheOneBefore() {
    var learner = start(new HashingLearner.Disk().newLearner());
    var zero = restored(learner, Optional.empty());
    var one = learned(learner, 0);
    var two = learned(learner, 1);

    assertThat(ask(zero.weightsFrom(), two.weights(), 0)).isInstanceOf(Chunk.class);
    assertThat(ask(zero.weightsFrom(), one.weights(), 0)).isInstanceOf(Chunk.class);
    assertThat(ask(zero.weightsFrom(), zero.weights(), 0)).isEqualTo(new Unknown(zero.weights()));
  }

  @Test
  void chunksAreShorterOnlyAtTheEnd() {
    // 1,280 bytes in chunks of 1,000.
    var zero = restored(start(new HashingLearner.Disk().newLearner()), Optional.empty());

    assertThat(((Chunk) ask(zero.weightsFrom(), zero.weights(), 0)).bytes()).hasSize(1000);
    assertThat(((Chunk) ask(zero.weightsFrom(), zero.weights(), 1000)).bytes()).hasSize(280);
    assertThat(((Chunk) ask(zero.weightsFrom(), zero.weights(), 1280)).bytes()).isEmpty();
  }

  @Test
  void handsOutWeightsWhileItLearns() {
    var release = new CountDownLatch(1);
    var learner = start(new SlowLearner(release));
    var zero = restored(learner, Optional.empty());
    learner.tell(new Learn(0, List.of(), run.getRef()));

    assertThat(ask(zero.weightsFrom(), zero.weights(), 0)).isInstanceOf(Chunk.class);
    run.expectNoMessage(java.time.Duration.ZERO);

    release.countDown();
    assertThat(run.expectMessageClass(Learned.class).weights().version()).isEqualTo(1);
  }

  @Test
  void damagedCheckpointIsNamedAndAnotherOneCanBeAskedFor() {
    var disk = new HashingLearner.Disk();
    var learner = start(disk.newLearner());
    restored(learner, Optional.empty());
    learned(learner, 0);
    learner.tell(new WriteCheckpoint(0, run.getRef()));
    String folder = run.expectMessageClass(CheckpointDone.class).folder();
    disk.damage(folder);

    learner.tell(new Restore(Optional.of(folder), run.getRef()));

    assertThat(run.expectMessageClass(CheckpointDamaged.class))
        .isEqualTo(new CheckpointDamaged(folder, folder + ": a bit is not what it was"));
    assertThat(restored(learner, Optional.empty()).weights().version()).isZero();
  }

  @Test
  void checkpointsThatNobodyNeedsAreDropped() {
    var disk = new HashingLearner.Disk();
    var learner = start(disk.newLearner());
    restored(learner, Optional.empty());
    for (int k = 0; k < 3; k++) {
      learner.tell(new WriteCheckpoint(k, run.getRef()));
      run.expectMessageClass(CheckpointDone.class);
    }

    learner.tell(new DropCheckpoints(List.of("checkpoint-1", "checkpoint-2"), run.getRef()));

    run.expectMessageClass(CheckpointsDropped.class);
    assertThat(disk.names()).containsExactly("checkpoint-1", "checkpoint-2");
  }

  @Test
  void engineThatThrowsStopsTheLearnerWithWhatItDid() {
    var learner = start(new HashingLearner.Disk().newLearner());

    // Nothing is restored: the engine has no state to learn from.
    learner.tell(new Learn(3, List.of(), run.getRef()));

    var failed = run.expectMessageClass(LearnerFailed.class);
    assertThat(failed.what()).isEqualTo("learn iteration 3");
    assertThat(failed.cause()).isInstanceOf(NullPointerException.class);
    run.expectTerminated(learner);
  }

  /** Learns when it is let go. */
  private record SlowLearner(LearnerEngine inner, CountDownLatch release) implements LearnerEngine {

    SlowLearner(CountDownLatch release) {
      this(new HashingLearner.Disk().newLearner(), release);
    }

    @Override
    public Snapshot restore(Optional<String> checkpointFolder) {
      return inner.restore(checkpointFolder);
    }

    @Override
    public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return inner.learn(iteration, inTaskOrder);
    }

    @Override
    public Written writeCheckpoint(int iteration) {
      return inner.writeCheckpoint(iteration);
    }

    @Override
    public void dropCheckpoints(List<String> needed) {
      inner.dropCheckpoints(needed);
    }
  }

  private static ActorRef<LearnerCommand> start(LearnerEngine engine) {
    return KIT.spawn(PpoLearner.create(engine, House.singleThread()));
  }

  private Restored restored(ActorRef<LearnerCommand> learner, Optional<String> checkpoint) {
    learner.tell(new Restore(checkpoint, run.getRef()));
    return run.expectMessageClass(Restored.class);
  }

  private Learned learned(ActorRef<LearnerCommand> learner, int iteration) {
    learner.tell(new Learn(iteration, List.of(), run.getRef()));
    return run.expectMessageClass(Learned.class);
  }

  private WeightsReply ask(ActorRef<WeightsRequest> shelf, WeightsRef weights, long offset) {
    shelf.tell(new WeightsRequest(weights, offset, 1000, worker.getRef()));
    return worker.receiveMessage();
  }
}
