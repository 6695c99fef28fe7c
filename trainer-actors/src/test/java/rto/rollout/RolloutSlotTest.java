package rto.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.delivery.ConsumerController.Confirmed;
import akka.actor.typed.delivery.ConsumerController.Delivery;
import akka.actor.typed.receptionist.ServiceKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.RolloutTask;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.RunMessage.TaskTaken;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.protocol.TaskOffer;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsRequest;
import rto.rollout.WeightsPuller.Pull;
import rto.rollout.WeightsPuller.Pulled;
import rto.rollout.WeightsPuller.Stale;
import rto.simulation.Hashes;
import rto.simulation.HashingPolicy;
import rto.simulation.House;
import rto.simulation.Snapshots;
import rto.simulation.Tasks;

class RolloutSlotTest {

  private static final Duration OVERDUE = Duration.ofSeconds(30);
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final byte[] BYTES = {1, 2, 3};
  private static final WeightsRef REF = new WeightsRef(0, Hashes.sha256(BYTES), 3);
  private static final RolloutTask TASK = Tasks.task("run", new TaskId(0, 0), REF);

  private final TestProbe<Pull> weights = KIT.createTestProbe();
  private final TestProbe<ScoreTask> next = KIT.createTestProbe();
  private final TestProbe<RunMessage> run = KIT.createTestProbe();
  private final TestProbe<Confirmed> confirmed = KIT.createTestProbe();
  private final TestProbe<WeightsRequest> learner = KIT.createTestProbe();

  @AfterAll
  static void close() {
    KIT.shutdownTestKit();
  }

  @Test
  void taskIsConfirmedOnlyWhenTheRunHasJournalledIt() {
    var slot = start(new HashingPolicy());
    deliver(slot);

    var work = next.receiveMessage();
    confirmed.expectNoMessage(Duration.ZERO);
    work.worker().tell(new TaskAccepted(new TaskId(0, 1)));
    work.worker().tell(new TaskAccepted(TASK.id()));

    confirmed.receiveMessage();
    assertThat(work.trajectories()).hasSize(4);
  }

  @Test
  void overdueTaskIsHandedOnAgainWithALine() {
    var slot = start(new HashingPolicy());
    deliver(slot);
    var first = next.receiveMessage();

    LoggingTestKit.warn("task 0/0: no word from the run since")
        .expect(
            KIT.system(),
            () -> {
              TIME.timePasses(OVERDUE);
              return null;
            });

    assertThat(next.receiveMessage()).isEqualTo(first);
    // Twice as long the second time.
    TIME.expectNoMessageFor(OVERDUE.multipliedBy(2).minusMillis(1), next);
    TIME.timePasses(Duration.ofMillis(1));
    assertThat(next.receiveMessage()).isEqualTo(first);
  }

  @Test
  void engineThatThrowsIsReportedAndTheTaskNotConfirmed() {
    var slot =
        start(
            new HashingPolicy() {
              @Override
              public List<Trajectory> sample(RolloutTask task) {
                throw new IllegalStateException("out of memory");
              }
            });
    deliver(slot);

    run.expectMessage(new TaskTaken("run", TASK.id(), slot.narrow()));
    var failed = run.expectMessageClass(TaskFailed.class);
    assertThat(failed.id()).isEqualTo(TASK.id());
    assertThat(failed.reason()).contains("out of memory");
    assertThat(failed.where()).isEqualTo(slot.path().toString());
    confirmed.expectTerminated(slot);
    confirmed.expectNoMessage(Duration.ZERO);
  }

  @Test
  void resultOfTheWrongSizeIsAFailure() {
    var slot =
        start(
            new HashingPolicy() {
              @Override
              public List<Trajectory> sample(RolloutTask task) {
                return super.sample(task).subList(0, 3);
              }
            });
    deliver(slot);

    run.expectMessageClass(TaskTaken.class);
    assertThat(run.expectMessageClass(TaskFailed.class).reason())
        .contains("task 0/0: 3 trajectories (expected: 4)");
  }

  @Test
  void taskWhoseWeightsAreGoneIsDropped() {
    var slot = start(new HashingPolicy());
    slot.tell(delivery());
    weights.receiveMessage().replyTo().tell(new Stale(REF));

    confirmed.receiveMessage();
    next.expectNoMessage(Duration.ZERO);
  }

  private ActorRef<Object> start(PolicyEngine engine) {
    var shared =
        new RolloutSlot.Shared(
            new RolloutSettings(1, OVERDUE, PullSettings.standard()),
            ServiceKey.create(ConsumerController.serviceKeyClass(), "slots"),
            new SharedPolicy(engine),
            House.singleThread(),
            weights.getRef(),
            next.getRef(),
            run.getRef());
    return KIT.spawn(RolloutSlot.create(shared));
  }

  private void deliver(ActorRef<Object> slot) {
    slot.tell(delivery());
    weights.receiveMessage().replyTo().tell(new Pulled(REF, Snapshots.of(BYTES)));
  }

  private Delivery<TaskOffer> delivery() {
    return new Delivery<>(
        new TaskOffer(TASK, learner.getRef()), confirmed.getRef().narrow(), "run", 1);
  }
}
