package rto.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rto.protocol.DeskStatus;
import rto.protocol.RunMessage;

class RoomHostTest {

  private final ActorTestKit kit = ActorTestKit.create();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private record Named(String run, BlockingQueue<String> events) implements Rooms {
    @Override
    public Behavior<Void> crew(ActorRef<RunMessage> brain) {
      events.add("crew of " + run);
      return Behaviors.empty();
    }

    @Override
    public void close() {
      events.add("closed " + run);
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void runThatIsOnIsServedAndDroppedBeforeTheNextOne() throws Exception {
    Rooms.Loader loader = (run, config) -> new Named(run, events);
    var desk = kit.<RunMessage>createTestProbe();
    ActorRef<DeskStatus> host = kit.spawn(RoomHost.create(loader, desk.ref()));

    host.tell(status("a", ""));
    host.tell(status("a", "brain-1"));
    assertThat(next()).isEqualTo("crew of a");
    host.tell(status("a", "brain-2"));
    assertThat(next()).as("the same rooms").isEqualTo("crew of a");
    host.tell(status("b", ""));
    assertThat(next()).isEqualTo("closed a");
    host.tell(status("b", "brain-3"));
    assertThat(next()).isEqualTo("crew of b");
    assertThat(events).isEmpty();
  }

  private String next() throws InterruptedException {
    return events.poll(10, TimeUnit.SECONDS);
  }

  private static DeskStatus status(String run, String brain) {
    return new DeskStatus(
        run, "{}", brain, DeskStatus.Stage.NONE, Optional.empty(), Optional.empty());
  }
}
