package rto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.Prompt;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.simulation.House;
import rto.simulation.Scorers;

class ScoringRoomTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final TestProbe<ScoreTask> next = KIT.createTestProbe();
  private final TestProbe<RunMessage> run = KIT.createTestProbe();
  private final TestProbe<TaskAccepted> worker = KIT.createTestProbe();

  @AfterAll
  static void close() {
    KIT.shutdownTestKit();
  }

  @Test
  void eachRoomAddsItsColumnAndPassesTheTaskOn() {
    var reward =
        KIT.spawn(
            RewardScorer.create(
                "chain", Scorers.REWARD, House.singleThread(), next.getRef(), run.getRef()));
    var dpo =
        KIT.spawn(
            DpoScorer.create("chain", Scorers.DPO, House.singleThread(), reward, run.getRef()));
    var reference =
        KIT.spawn(
            ReferenceScorer.create(
                "chain", Scorers.REFERENCE, House.singleThread(), dpo, run.getRef()));

    reference.tell(task(0));

    var scored = next.receiveMessage().trajectories().get(0);
    // log-probs −1 and −2: the fake reference halves them, the fake DPO model doubles them.
    assertThat(scored.reference().orElseThrow()).containsExactly(-0.5f, -1);
    assertThat(scored.dpo().orElseThrow()).containsExactly(-2, -4);
    assertThat(scored.reward()).isEqualTo(OptionalDouble.of(7));
  }

  @Test
  void notANumberIsRefusedAndNamed() {
    var room = reward(Scorers.each(scored -> scored.withReward(Double.NaN)));

    room.tell(task(4));

    var failed = run.expectMessageClass(TaskFailed.class);
    assertThat(failed.id()).isEqualTo(new TaskId(0, 4));
    assertThat(failed.where()).isEqualTo(room.path().toString());
    assertThat(failed.reason()).isEqualTo("reward: trajectory 0: NaN (expected: a finite number)");
  }

  @Test
  void infiniteLogProbabilityIsNamedWithItsToken() {
    var room =
        KIT.spawn(
            ReferenceScorer.create(
                "infinite",
                Scorers.each(
                    scored -> scored.withReference(new float[] {-1, Float.NEGATIVE_INFINITY})),
                House.singleThread(),
                next.getRef(),
                run.getRef()));

    room.tell(task(0));

    assertThat(run.expectMessageClass(TaskFailed.class).reason())
        .isEqualTo(
            "reference log-probs: trajectory 0: -Infinity at token 1 (expected: a finite number)");
  }

  @Test
  void wrongNumberOfTrajectoriesIsRefused() {
    var room = reward(trajectories -> List.of());

    room.tell(task(0));

    assertThat(run.expectMessageClass(TaskFailed.class).reason())
        .isEqualTo("reward: 0 trajectories (expected: 1)");
  }

  @Test
  void columnThatWasForgottenIsRefused() {
    var room = reward(trajectories -> trajectories);

    room.tell(task(0));

    assertThat(run.expectMessageClass(TaskFailed.class).reason())
        .isEqualTo("reward: trajectory 0: absent (expected: a number)");
  }

  @Test
  void wrongLengthIsReportedLikeAnyFailureAndTheRoomGoesOn() {
    var room =
        KIT.spawn(
            DpoScorer.create(
                "length",
                Scorers.each(
                    scored -> scored.withDpo(new float[scored.trajectory().prompt().index() + 1])),
                House.singleThread(),
                next.getRef(),
                run.getRef()));

    room.tell(task(0));
    room.tell(task(1));

    assertThat(run.expectMessageClass(TaskFailed.class).reason())
        .contains("dpo log-probs: 1 (expected: 2, one per token)");
    assertThat(next.receiveMessage().id()).isEqualTo(new TaskId(0, 1));
  }

  @Test
  void taskThatIsSentAgainWhileItWaitsIsScoredOnce() {
    var release = new CountDownLatch(1);
    var scored = new AtomicInteger();
    var room =
        reward(
            trajectories -> {
              await(release);
              scored.incrementAndGet();
              return Scorers.REWARD.score(trajectories);
            });

    room.tell(task(0));
    room.tell(task(1));
    room.tell(task(0));
    room.tell(task(1));
    release.countDown();

    assertThat(next.receiveMessage().id().index()).isZero();
    assertThat(next.receiveMessage().id().index()).isEqualTo(1);
    room.tell(task(2));
    assertThat(next.receiveMessage().id().index()).isEqualTo(2);
    assertThat(scored).hasValue(3);
  }

  private ActorRef<ScoreTask> reward(TrajectoryScorer scorer) {
    return KIT.spawn(
        RewardScorer.create("run", scorer, House.singleThread(), next.getRef(), run.getRef()));
  }

  /** One trajectory of two tokens, 7 the first. */
  private ScoreTask task(int index) {
    var prompt = new Prompt(index, new int[] {1});
    var sampled = new Trajectory(prompt, 0, new int[] {7, 8}, new float[] {-1, -2}, false, 0);
    return new ScoreTask(
        "run", new TaskId(0, index), List.of(ScoredTrajectory.unscored(sampled)), worker.getRef());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
