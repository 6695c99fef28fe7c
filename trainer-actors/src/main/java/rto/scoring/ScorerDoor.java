package rto.scoring;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import rto.protocol.RunMessage.ScoreTask;

/**
 * The way into a room that may have several instances, on any node. A task always goes to the same
 * one while the instances stay the same, so that a task sent again is noticed there. With no
 * instance it waits for one, with a line that names the room; of too many that wait the oldest is
 * dropped: the worker will send it again.
 */
public final class ScorerDoor extends AbstractBehavior<Object> {

  private static final int MAX_WAITING = 256;

  private final ServiceKey<ScoreTask> key;
  private final Deque<ScoreTask> waiting = new ArrayDeque<>();
  private List<ActorRef<ScoreTask>> instances = List.of();

  /** The door of the rooms that register under {@code key}. */
  public static Behavior<ScoreTask> create(ServiceKey<ScoreTask> key) {
    return Behaviors.<Object>setup(context -> new ScorerDoor(context, key)).narrow();
  }

  private ScorerDoor(ActorContext<Object> context, ServiceKey<ScoreTask> key) {
    super(context);
    this.key = key;
    context
        .getSystem()
        .receptionist()
        .tell(Receptionist.subscribe(key, context.getSelf().narrow()));
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(Receptionist.Listing.class, this::onListing)
        .onMessage(ScoreTask.class, this::onTask)
        .build();
  }

  private Behavior<Object> onListing(Receptionist.Listing listing) {
    instances = listing.getServiceInstances(key).stream().sorted().toList();
    if (!instances.isEmpty()) {
      waiting.forEach(this::send);
      waiting.clear();
    }
    return this;
  }

  private Behavior<Object> onTask(ScoreTask task) {
    if (instances.isEmpty()) {
      getContext()
          .getLog()
          .warn(
              "task {} from {}: no scorer '{}' has registered; waiting for one",
              task.id(),
              task.worker().path(),
              key.id());
      keep(task);
    } else {
      send(task);
    }
    return this;
  }

  private void send(ScoreTask task) {
    instances.get(task.id().index() % instances.size()).tell(task);
  }

  private void keep(ScoreTask task) {
    waiting.removeIf(other -> other.id().equals(task.id()) && other.worker().equals(task.worker()));
    if (waiting.size() == MAX_WAITING) {
      waiting.remove();
    }
    waiting.add(task);
  }
}
