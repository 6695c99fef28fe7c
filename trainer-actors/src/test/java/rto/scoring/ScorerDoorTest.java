package rto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;

class ScorerDoorTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final TestProbe<TaskAccepted> worker = KIT.createTestProbe();
  private final TestProbe<ScoreTask> scorer = KIT.createTestProbe();

  @AfterAll
  static void close() {
    KIT.shutdownTestKit();
  }

  @Test
  void taskThatComesBeforeTheScorerWaitsForItAndSentAgainWaitsOnce() {
    var key = DpoScorer.key("late");
    ActorRef<ScoreTask> door = KIT.spawn(ScorerDoor.create(key));
    door.tell(task(0));
    door.tell(task(1));
    door.tell(task(0));

    KIT.system().receptionist().tell(Receptionist.register(key, scorer.getRef()));

    assertThat(scorer.receiveMessage().id().index()).isEqualTo(1);
    assertThat(scorer.receiveMessage().id().index()).isZero();
    scorer.expectNoMessage();
  }

  private ScoreTask task(int index) {
    return new ScoreTask("late", new TaskId(0, index), List.of(), worker.getRef());
  }
}
