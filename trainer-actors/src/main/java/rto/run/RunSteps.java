package rto.run;

import static java.util.stream.Collectors.joining;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EffectFactories;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rto.protocol.LearnerCommand;
import rto.protocol.LearnerCommand.DropCheckpoints;
import rto.protocol.LearnerCommand.Learn;
import rto.protocol.LearnerCommand.Restore;
import rto.protocol.LearnerCommand.WriteCheckpoint;
import rto.protocol.LearnerReply.CheckpointDamaged;
import rto.protocol.LearnerReply.Learned;
import rto.protocol.LearnerReply.Restored;
import rto.protocol.Require;
import rto.protocol.RolloutTask;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.TaskId;
import rto.protocol.TaskOffer;

/**
 * Carries out what {@link NextStep} picks: tells the learner, offers tasks, persists. Holds what a
 * run knows beside its journal: where the learner is, whether it works, which tasks are offered.
 */
final class RunSteps implements NextStep.Steps<Effect<RunEvent, RunState>> {

  private static final int NONE = -1;

  private final ActorContext<Object> context;
  private final TimerScheduler<Object> timers;
  private final RunPlan plan;
  private final TaskSource taskSource;
  private final ActorRef<LearnerCommand> learner;
  private final TaskOffers offers;
  private final RunWatch watch;
  private final EffectFactories<RunEvent, RunState> effects;

  private Optional<LearnerPosition> position = Optional.empty();
  private final List<CheckpointDamaged> damaged = new ArrayList<>();
  private Optional<CheckpointWritten> start = Optional.empty();
  private boolean learnerBusy = false;
  private int offeredUpTo = NONE;

  RunSteps(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      RunPlan plan,
      TaskSource taskSource,
      ActorRef<LearnerCommand> learner,
      TaskOffers offers,
      RunWatch watch,
      EffectFactories<RunEvent, RunState> effects) {
    this.context = context;
    this.timers = timers;
    this.plan = plan;
    this.taskSource = taskSource;
    this.learner = learner;
    this.offers = offers;
    this.watch = watch;
    this.effects = effects;
  }

  /** Does the next thing, unless the run has ended or the learner is at work. */
  Effect<RunEvent, RunState> advance(RunState state) {
    return watch.ended() || learnerBusy ? effects.none() : NextStep.of(plan, state, position, this);
  }

  /** Asks the run to advance once the present message is handled. */
  void goOn() {
    context.getSelf().tell(Internal.ADVANCE);
  }

  void restored(Restored reply) {
    learnerBusy = false;
    position = Optional.of(LearnerPosition.of(reply));
  }

  void learned(Learned reply) {
    learnerBusy = false;
    position = position.map(before -> before.after(reply));
  }

  void checkpointDone() {
    learnerBusy = false;
    position = position.map(LearnerPosition::afterCheckpoint);
  }

  /** What the learner was told to start from cannot be used: the next step tries another one. */
  void checkpointDamaged(CheckpointDamaged reply) {
    learnerBusy = false;
    damaged.add(reply);
  }

  void checkpointsDropped() {
    learnerBusy = false;
  }

  /** What the learner was told to start from; the first policy is empty. */
  Optional<CheckpointWritten> start() {
    return start;
  }

  /** A checkpoint is journalled: older ones than those that the state names may go. */
  void dropCheckpoints(RunState state, int iteration) {
    var needed = state.checkpoints().stream().map(CheckpointWritten::folder).toList();
    tellLearner(
        "learning",
        "the checkpoints to be removed after iteration " + iteration,
        new DropCheckpoints(needed, context.getSelf().narrow()));
  }

  /** The digest of the learner's state. */
  String digest() {
    return position.map(LearnerPosition::digest).orElse("");
  }

  /** Tasks that are overdue are offered again at the next step: they may be lost. */
  void offerAgain() {
    // While the learner works, it alone is waited for.
    offeredUpTo = learnerBusy ? offeredUpTo : NONE;
  }

  /** The task and its prompts, for people. */
  String describe(IterationJournal iteration, TaskId id) {
    return "task " + id + " (" + taskSource.describe(tasks(iteration).get(id.index())) + ")";
  }

  @Override
  public Effect<RunEvent, RunState> persist(RunEvent event) {
    return effects.persist(event).thenRun(this::goOn);
  }

  @Override
  public Effect<RunEvent, RunState> refuse(String reason) {
    watch.fail(reason);
    return effects.none();
  }

  @Override
  public Effect<RunEvent, RunState> end(RunFinished finished) {
    watch.finish(finished.digest());
    return effects.none();
  }

  @Override
  public Effect<RunEvent, RunState> restore(List<Optional<CheckpointWritten>> starts) {
    if (damaged.size() == starts.size()) {
      return refuse(damagedOnes() + " (expected: one that is whole; put a copy there)");
    }
    start = starts.get(damaged.size());
    var folder = start.map(CheckpointWritten::folder);
    String what = folder.map(name -> "checkpoint " + name).orElse("the first policy");
    if (!damaged.isEmpty()) {
      context
          .getLog()
          .warn(
              "run {}: {}; it starts from {}, and learns iteration {} and those after it again",
              plan.run(),
              damagedOnes(),
              what,
              RunState.learnedAt(start));
    }
    return tellLearner("recovering", what, new Restore(folder, context.getSelf().narrow()));
  }

  private String damagedOnes() {
    return damaged.stream()
        .map(one -> "checkpoint " + one.folder() + " is damaged: " + one.reason())
        .collect(joining("; "));
  }

  @Override
  public Effect<RunEvent, RunState> learn(
      IterationJournal iteration, List<IterationJournal> ahead) {
    timers.cancel(Internal.COUNT_WORKERS);
    ahead.forEach(this::offerOnce);
    int k = iteration.iteration();
    return tellLearner(
        iteration.learned().isPresent() ? "recovering" : "learning",
        "iteration " + k,
        new Learn(k, iteration.inTaskOrder(), context.getSelf().narrow()));
  }

  @Override
  public Effect<RunEvent, RunState> writeCheckpoint(int iteration) {
    String what = "the checkpoint after iteration " + iteration;
    return tellLearner(
        "learning", what, new WriteCheckpoint(iteration, context.getSelf().narrow()));
  }

  @Override
  public Effect<RunEvent, RunState> rest() {
    watch.await("paused", "Continue", "a user", plan.deadlines().learner());
    return effects.none();
  }

  @Override
  public Effect<RunEvent, RunState> collect(
      IterationJournal iteration, List<IterationJournal> ahead) {
    offerOnce(iteration);
    ahead.forEach(this::offerOnce);
    if (!timers.isTimerActive(Internal.COUNT_WORKERS)) {
      timers.startTimerWithFixedDelay(
          Internal.COUNT_WORKERS, Internal.COUNT_WORKERS, plan.deadlines().workers());
    }
    var missing = iteration.missing(plan.tasksPerIteration());
    String what = "tasks " + missing + " of iteration " + iteration.iteration();
    watch.await(RunWatch.COLLECTING, what, "rollout workers and scorers", plan.deadlines().tasks());
    return effects.none();
  }

  private void offerOnce(IterationJournal iteration) {
    if (iteration.iteration() > offeredUpTo) {
      offeredUpTo = iteration.iteration();
      offer(iteration);
    }
  }

  private void offer(IterationJournal iteration) {
    var missing = iteration.missing(plan.tasksPerIteration());
    var tasks = tasks(iteration);
    var from = position.orElseThrow().weightsFrom();
    offers.offer(missing.stream().map(i -> new TaskOffer(tasks.get(i), from)).toList());
  }

  private List<RolloutTask> tasks(IterationJournal iteration) {
    var tasks = taskSource.tasks(iteration.iteration(), iteration.start().weights());
    Require.that(
        tasks.size() == plan.tasksPerIteration(),
        "tasks of iteration %s: %s (expected: %s)",
        iteration.iteration(),
        tasks.size(),
        plan.tasksPerIteration());
    return tasks;
  }

  private Effect<RunEvent, RunState> tellLearner(
      String phase, String what, LearnerCommand command) {
    learnerBusy = true;
    watch.await(phase, what, learner.path().name(), plan.deadlines().learner());
    learner.tell(command);
    return effects.none();
  }
}
