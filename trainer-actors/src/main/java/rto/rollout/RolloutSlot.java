package rto.rollout;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.delivery.ConsumerController.Delivery;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import rto.protocol.ActorNames;
import rto.protocol.RolloutTask;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.RunMessage.TaskTaken;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskOffer;
import rto.protocol.Trajectory;
import rto.rollout.WeightsPuller.Pull;
import rto.rollout.WeightsPuller.PullFailed;
import rto.rollout.WeightsPuller.Pulled;
import rto.rollout.WeightsPuller.Stale;

/**
 * Works on one task at a time.
 *
 * <pre>
 *   idle ──task──▶ fetching ──Pulled──▶ sampling ──Sampled──▶ handedOn ──TaskAccepted──▶ idle
 *                     │  └──Stale: nobody needs the task──▶ idle │  ▲
 *                     │                      │                   └──┘ overdue: hand on again
 *                     └──PullFailed──────────┴──Failed──▶ stopped
 * </pre>
 *
 * A slot that stops has not confirmed its task: somebody else pulls it.
 */
final class RolloutSlot {

  /** What all slots of a worker share. */
  record Shared(
      RolloutSettings settings,
      ServiceKey<ConsumerController.Command<TaskOffer>> key,
      SharedPolicy policy,
      Executor compute,
      ActorRef<Pull> weights,
      ActorRef<ScoreTask> next,
      ActorRef<RunMessage> run) {}

  private record Sampled(List<Trajectory> trajectories) {}

  private record Failed(Throwable cause) {}

  private enum Overdue {
    ACCEPTED
  }

  // The smallest window that works: with 1 or 2 Akka 2.8.5 stops asking after the first task. With
  // 3
  // a slot holds one task at a time, and one more only while it has not confirmed its first.
  private static final int WINDOW = 3;

  private final ActorContext<Object> context;
  private final TimerScheduler<Object> timers;
  private final Shared shared;
  private final HandOnPace pace;

  static Behavior<Object> create(Shared shared) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new RolloutSlot(context, timers, shared).start()));
  }

  private RolloutSlot(ActorContext<Object> context, TimerScheduler<Object> timers, Shared shared) {
    this.context = context;
    this.timers = timers;
    this.shared = shared;
    this.pace = new HandOnPace(shared.settings().accepted());
  }

  private Behavior<Object> start() {
    var window =
        ConsumerController.Settings$.MODULE$
            .create(context.getSystem())
            .withFlowControlWindow(WINDOW);
    var controller = context.spawn(ConsumerController.create(shared.key(), window), "tasks");
    controller.tell(new ConsumerController.Start<>(context.getSelf().narrow()));
    return idle();
  }

  private Behavior<Object> idle() {
    timers.cancelAll();
    return Behaviors.receive(Object.class)
        .onMessage(ConsumerController.<TaskOffer>deliveryClass(), this::fetching)
        .onMessage(TaskAccepted.class, repeated -> Behaviors.same())
        .build();
  }

  private Behavior<Object> fetching(Delivery<TaskOffer> delivery) {
    TaskOffer offer = delivery.message();
    RolloutTask task = offer.task();
    shared.run().tell(new TaskTaken(task.run(), task.id(), context.getSelf().narrow()));
    shared
        .weights()
        .tell(new Pull(task.weights(), offer.weightsFrom(), context.getSelf().narrow()));
    return Behaviors.receive(Object.class)
        .onMessage(Pulled.class, pulled -> sampling(delivery, pulled))
        .onMessage(Stale.class, stale -> drop(delivery))
        .onMessage(PullFailed.class, failed -> giveUp(task, failed.reason()))
        .onMessage(TaskAccepted.class, repeated -> Behaviors.same())
        .build();
  }

  private Behavior<Object> sampling(Delivery<TaskOffer> delivery, Pulled weights) {
    RolloutTask task = delivery.message().task();
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> shared.policy().sample(task, weights.file()), shared.compute()),
        // A future from supplyAsync wraps what was thrown.
        (sampled, failure) ->
            failure == null ? new Sampled(sampled) : new Failed(failure.getCause()));
    return Behaviors.receive(Object.class)
        .onMessage(Sampled.class, sampled -> handOn(delivery, sampled))
        .onMessage(Failed.class, failed -> onFailed(task, failed))
        .onMessage(TaskAccepted.class, repeated -> Behaviors.same())
        .build();
  }

  private Behavior<Object> handOn(Delivery<TaskOffer> delivery, Sampled sampled) {
    var task = delivery.message().task();
    var unscored = sampled.trajectories().stream().map(ScoredTrajectory::unscored).toList();
    return handedOn(
        delivery,
        new ScoreTask(task.run(), task.id(), unscored, context.getSelf().narrow()),
        Instant.now(),
        0);
  }

  /** {@code again}: how often it was handed on again. */
  private Behavior<Object> handedOn(
      Delivery<TaskOffer> delivery, ScoreTask work, Instant since, int again) {
    shared.next().tell(work);
    timers.startSingleTimer(Overdue.ACCEPTED, pace.patience(again));
    return Behaviors.receive(Object.class)
        .onMessage(TaskAccepted.class, accepted -> onAccepted(delivery, work, since, accepted))
        .onMessage(Overdue.class, overdue -> handOnAgain(delivery, work, since, again + 1))
        .build();
  }

  private Behavior<Object> onAccepted(
      Delivery<TaskOffer> delivery, ScoreTask work, Instant since, TaskAccepted accepted) {
    if (!accepted.id().equals(work.id())) {
      return Behaviors.same();
    }
    pace.accepted(Duration.between(since, Instant.now()));
    return confirm(delivery);
  }

  private Behavior<Object> handOnAgain(
      Delivery<TaskOffer> delivery, ScoreTask work, Instant since, int again) {
    context
        .getLog()
        .warn(
            "task {}: no word from the run since {}; handing it to {} again",
            work.id(),
            since,
            shared.next().path());
    return handedOn(delivery, work, since, again);
  }

  private Behavior<Object> drop(Delivery<TaskOffer> delivery) {
    RolloutTask task = delivery.message().task();
    context.getLog().warn("task {}: its weights are gone, so it is done; dropped", task.id());
    return confirm(delivery);
  }

  private Behavior<Object> confirm(Delivery<TaskOffer> delivery) {
    delivery.confirmTo().tell(ConsumerController.confirmed());
    return idle();
  }

  private Behavior<Object> onFailed(RolloutTask task, Failed failed) {
    context.getLog().error("task " + task.id(), failed.cause());
    return giveUp(task, failed.cause().toString());
  }

  private Behavior<Object> giveUp(RolloutTask task, String reason) {
    String where = ActorNames.full(context.getSystem(), context.getSelf());
    shared.run().tell(new TaskFailed(task.run(), task.id(), where, reason));
    return Behaviors.stopped();
  }
}
