package rto.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.delivery.WorkPullingProducerController;
import akka.actor.typed.delivery.WorkPullingProducerController.RequestNext;
import akka.actor.typed.delivery.WorkPullingProducerController.WorkerStats;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rto.protocol.RolloutTask;
import rto.protocol.TaskId;

/**
 * Hands tasks to workers that ask for them: the only place that knows Akka's work pulling, whose
 * API may change. A task that a worker took and did not confirm before it died goes to another one.
 * Nothing here is durable: what is missing after a restart is offered again from the journal.
 */
final class TaskOffers {

  private final ActorContext<Object> context;
  private final ActorRef<WorkPullingProducerController.Command<RolloutTask>> controller;
  private final Map<TaskId, RolloutTask> queue = new LinkedHashMap<>();
  private Optional<RequestNext<RolloutTask>> demand = Optional.empty();

  /** Demand and worker counts reach {@code context}'s actor as Akka's own messages. */
  TaskOffers(
      ActorContext<Object> context,
      String run,
      ServiceKey<ConsumerController.Command<RolloutTask>> workers) {
    this.context = context;
    this.controller =
        context.spawn(
            WorkPullingProducerController.create(RolloutTask.class, run, workers, Optional.empty()),
            "offers");
    controller.tell(new WorkPullingProducerController.Start<>(context.getSelf().narrow()));
  }

  /** Queues these tasks, in order, unless they wait already. */
  void offer(Collection<RolloutTask> tasks) {
    tasks.forEach(task -> queue.putIfAbsent(task.id(), task));
    handOut();
  }

  /** Nobody needs this task any more. */
  void withdraw(TaskId id) {
    queue.remove(id);
  }

  void onDemand(RequestNext<RolloutTask> next) {
    demand = Optional.of(next);
    handOut();
  }

  /** Asks how many workers there are; the answer comes as {@link WorkerStats}. */
  void countWorkers() {
    controller.tell(new WorkPullingProducerController.GetWorkerStats<>(context.getSelf().narrow()));
  }

  private void handOut() {
    var tasks = queue.values().iterator();
    if (demand.isPresent() && tasks.hasNext()) {
      RolloutTask task = tasks.next();
      tasks.remove();
      demand.get().sendNextTo().tell(task);
      demand = Optional.empty();
    }
  }
}
