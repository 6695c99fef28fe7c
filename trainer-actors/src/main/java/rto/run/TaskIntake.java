package rto.run;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.delivery.WorkPullingProducerController.RequestNext;
import akka.actor.typed.delivery.WorkPullingProducerController.WorkerStats;
import akka.actor.typed.javadsl.ActorContext;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EffectFactories;
import org.slf4j.Logger;
import rto.protocol.ActorNames;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.RunMessage.NodeLost;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.RunMessage.TaskTaken;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskOffer;

/**
 * What a run does with what workers and scorers tell it.
 *
 * <p>A task's trajectories are journalled first and acknowledged then; duplicates are acknowledged
 * again and dropped. Trajectories of any other policy version than {@link RunPlan#policyVersion}
 * are never journalled: such a task counts as failed.
 */
final class TaskIntake {

  private static final String LOST = "its node was lost while it had the task in work";

  private final Logger log;
  private final RunPlan plan;
  private final TaskOffers offers;
  private final RunWatch watch;
  private final RunSteps steps;
  private final EffectFactories<RunEvent, RunState> effects;
  private final FailureLog failures = new FailureLog();
  private final ActorSystem<?> system;
  private final TaskHolders holders;

  TaskIntake(
      ActorContext<?> context,
      TaskHolders holders,
      RunPlan plan,
      TaskOffers offers,
      RunWatch watch,
      RunSteps steps,
      EffectFactories<RunEvent, RunState> effects) {
    this.log = context.getLog();
    this.system = context.getSystem();
    this.holders = holders;
    this.plan = plan;
    this.offers = offers;
    this.watch = watch;
    this.steps = steps;
    this.effects = effects;
  }

  Effect<RunEvent, RunState> onScoreTask(RunState state, ScoreTask task) {
    boolean ours = task.run().equals(plan.run());
    if (ours && state.hasAccepted(task.id())) {
      return acknowledge(task);
    }
    if (!ours || watch.ended() || !state.misses(task.id(), plan.tasksPerIteration())) {
      log.warn("task {} of run {}: not awaited", task.id(), task.run());
      return effects.none();
    }
    return Mismatch.ofVersion(plan.policyVersion(task.id().iteration()), task)
        .map(failure -> onTaskFailed(state, failure))
        .orElseGet(() -> accept(task));
  }

  private Effect<RunEvent, RunState> accept(ScoreTask task) {
    return effects
        .persist(new TrajectoriesAccepted(task.id(), task.trajectories()))
        .thenRun(() -> offers.withdraw(task.id()))
        .thenRun(() -> holders.done(task.id()))
        .thenRun(() -> acknowledge(task))
        .thenRun(steps::goOn);
  }

  private Effect<RunEvent, RunState> acknowledge(ScoreTask task) {
    task.worker().tell(new TaskAccepted(task.id()));
    return effects.none();
  }

  Effect<RunEvent, RunState> onTaskTaken(RunState state, TaskTaken taken) {
    if (taken.run().equals(plan.run()) && state.misses(taken.id(), plan.tasksPerIteration())) {
      holders.taken(taken.id(), ActorNames.full(system, taken.worker()));
    }
    return effects.none();
  }

  /** Whatever its workers had in work has failed there: perhaps it is what the node died from. */
  Effect<RunEvent, RunState> onNodeLost(RunState state, NodeLost lost) {
    holders
        .lost(lost.node())
        .forEach((worker, id) -> onTaskFailed(state, new TaskFailed(plan.run(), id, worker, LOST)));
    return effects.none();
  }

  Effect<RunEvent, RunState> onTaskFailed(RunState state, TaskFailed failure) {
    holders.failed(failure.where());
    if (failure.run().equals(plan.run())
        && state.misses(failure.id(), plan.tasksPerIteration())
        && failures.isHopelessAfter(failure)) {
      watch.fail(
          steps.describe(state.open().get(failure.id().iteration()), failure.id())
              + " failed on three workers: "
              + failures.describe(failure.id()));
    } else {
      log.warn("{}: task {}: {}", failure.where(), failure.id(), failure.reason());
    }
    return effects.none();
  }

  Effect<RunEvent, RunState> onDemand(RunState state, RequestNext<TaskOffer> next) {
    offers.onDemand(next);
    return effects.none();
  }

  Effect<RunEvent, RunState> onWorkerStats(RunState state, WorkerStats stats) {
    watch.workers(stats.numberOfWorkers());
    return effects.none();
  }
}
