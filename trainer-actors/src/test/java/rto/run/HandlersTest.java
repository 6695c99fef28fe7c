package rto.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.ServiceKey;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.LearnerCommand;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.GetStatus;
import rto.protocol.RunMessage.Pause;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
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
    var messages =
        List.<RunMessage>of(
            new ScoreTask(
                "run", new TaskId(0, 0), List.of(), KIT.createTestProbe().getRef().narrow()),
            new TaskFailed("run", new TaskId(0, 0), "worker", "reason"),
            new Pause(),
            new Continue(),
            new GetStatus(KIT.createTestProbe().getRef().narrow()));
    var run =
        KIT.spawn(
            TrainingRun.create(
                new RunPlan("run", "config", 1, 1, 1, 0, Deadlines.standard()),
                (iteration, weights) -> List.of(),
                Behaviors.<LearnerCommand>ignore(),
                ServiceKey.create(ConsumerController.serviceKeyClass(), "none"),
                new Outcome()));

    LoggingTestKit.empty()
        .withMessageContains("unhandled")
        .withOccurrences(0)
        .expect(
            KIT.system(),
            () -> {
              messages.forEach(run::tell);
              return null;
            });

    Map<Class<?>, Object> byType =
        messages.stream().collect(Collectors.toMap(Object::getClass, Function.identity()));
    assertThat(byType.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(RunMessage.class.getPermittedSubclasses()));
  }
}
