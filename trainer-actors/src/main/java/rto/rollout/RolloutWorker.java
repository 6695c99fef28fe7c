package rto.rollout;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.concurrent.Executor;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.TaskOffer;

/**
 * One policy and the slots that work with it.
 *
 * <p>A slot that failed is not restarted but replaced: the new one has a new name, by which the run
 * tells workers apart, and pulls whatever weights its next task names.
 */
public final class RolloutWorker extends AbstractBehavior<Void> {

  private final RolloutSlot.Shared shared;
  private int started = 0;

  /**
   * A worker that takes tasks under {@code key}.
   *
   * @param engine used on {@code compute} only
   * @param compute must run one task at a time
   * @param next the door of the first scoring room
   * @param run is told of tasks that are taken and of those that fail
   */
  public static Behavior<Void> create(
      RolloutSettings settings,
      ServiceKey<ConsumerController.Command<TaskOffer>> key,
      PolicyEngine engine,
      Executor compute,
      ActorRef<ScoreTask> next,
      ActorRef<RunMessage> run) {
    return Behaviors.setup(
        context -> {
          var puller = WeightsPuller.create(settings.pull(), settings.slots());
          var weights = context.spawn(puller, "weights");
          var policy = new SharedPolicy(engine);
          return new RolloutWorker(
              context, new RolloutSlot.Shared(settings, key, policy, compute, weights, next, run));
        });
  }

  private RolloutWorker(ActorContext<Void> context, RolloutSlot.Shared shared) {
    super(context);
    this.shared = shared;
    for (int slot = 0; slot < shared.settings().slots(); slot++) {
      startSlot();
    }
  }

  @Override
  public Receive<Void> createReceive() {
    return newReceiveBuilder().onSignal(Terminated.class, this::onStopped).build();
  }

  private Behavior<Void> onStopped(Terminated slot) {
    startSlot();
    return this;
  }

  private void startSlot() {
    started++;
    getContext().watch(getContext().spawn(RolloutSlot.create(shared), "slot-" + started));
  }
}
