package rto.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.ServiceKey;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.LearnerCommand;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.GetStatus;
import rto.protocol.RunMessage.NodeLost;
import rto.protocol.RunMessage.Pause;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.RunMessage.TaskTaken;
import rto.protocol.RunStatus;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.simulation.Outcome;

/** Java 17 does not check that a sealed type is handled in full; this does. */
class HandlersTest {

  private static final ActorTestKit KIT = ActorTestKit.create(PersistenceTestKitPlugin.config());

  @AfterAll
  static void close() {
    KIT.shutdownTestKit();
  }

  @Test
  void runHandlesEveryMessageThatItCanBeSent() {
    TestProbe<TaskAccepted> worker = KIT.createTestProbe();
    TestProbe<RunStatus> user = KIT.createTestProbe();
    var messages =
        List.<RunMessage>of(
            new ScoreTask("run", new TaskId(0, 0), List.of(), worker.getRef()),
            new TaskFailed("run", new TaskId(0, 0), "worker", "reason"),
            new TaskTaken("run", new TaskId(0, 0), worker.getRef()),
            new NodeLost("10.0.0.1:25520"),
            new Pause(),
            new Continue(),
            new GetStatus(user.getRef()));
    var run =
        KIT.spawn(
            TrainingRun.create(
                TrainingRun.PERSISTENCE_ID,
                new RunPlan("run", "config", 1, 1, 1, 0, Deadlines.standard()),
                (iteration, weights) -> List.of(),
                Behaviors.<LearnerCommand>ignore(),
                ServiceKey.create(ConsumerController.serviceKeyClass(), "none"),
                new Outcome()));

    messages.forEach(run::tell);

    // A message without a handler would have ended the run before the last one is answered.
    assertThat(user.receiveMessage().run()).isEqualTo("run");
    assertThat(messages.stream().<Class<?>>map(Object::getClass))
        .containsExactlyInAnyOrder(RunMessage.class.getPermittedSubclasses());
  }
}
