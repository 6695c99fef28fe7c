package rto.run;

import static java.util.Comparator.comparingInt;

import akka.actor.typed.ActorRef;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.delivery.WorkPullingProducerController;
import akka.actor.typed.delivery.WorkPullingProducerController.RequestNext;
import akka.actor.typed.delivery.WorkPullingProducerController.WorkerStats;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rto.protocol.TaskId;
import rto.protocol.TaskOffer;

/**
 * Hands tasks to workers that ask for them: the only place that knows Akka's work pulling, whose
 * API may change. A task that a worker took and did not confirm before it died goes to another one.
 * Nothing here is durable: what is missing after a restart is offered again from the journal.
 */
final class TaskOffers {

  private final ActorContext<Object> context;
  private final ActorRef<WorkPullingProducerController.Command<TaskOffer>> controller;
  private final Map<TaskId, TaskOffer> queue =
      new TreeMap<>(comparingInt(TaskId::iteration).thenComparingInt(TaskId::index));
  private Optional<RequestNext<TaskOffer>> demand = Optional.empty();

  /** Demand and worker counts reach {@code context}'s actor as Akka's own messages. */
  TaskOffers(
      ActorContext<Object> context,
      String run,
      ServiceKey<ConsumerController.Command<TaskOffer>> workers) {
    this.context = context;
    this.controller =
        context.spawn(
            WorkPullingProducerController.create(TaskOffer.class, run, workers, Optional.empty()),
            "offers");
    controller.tell(new WorkPullingProducerController.Start<>(context.getSelf().narrow()));
  }

  /**
   * Queues these tasks, unless they wait already; the iteration that is learned first goes first.
   */
  void offer(Collection<TaskOffer> tasks) {
    tasks.forEach(offer -> queue.putIfAbsent(offer.task().id(), offer));
    handOut();
  }

  /** Nobody needs this task any more. */
  void withdraw(TaskId id) {
    queue.remove(id);
  }

  void onDemand(RequestNext<TaskOffer> next) {
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
      demand.get().sendNextTo().tell(tasks.next());
      tasks.remove();
      demand = Optional.empty();
    }
  }
}
