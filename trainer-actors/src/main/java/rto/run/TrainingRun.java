package rto.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.delivery.WorkPullingProducerController;
import akka.actor.typed.delivery.WorkPullingProducerController.WorkerStats;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.ServiceKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import rto.protocol.LearnerCommand;
import rto.protocol.LearnerReply.CheckpointDamaged;
import rto.protocol.LearnerReply.CheckpointDone;
import rto.protocol.LearnerReply.CheckpointsDropped;
import rto.protocol.LearnerReply.Learned;
import rto.protocol.LearnerReply.LearnerFailed;
import rto.protocol.LearnerReply.Restored;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.RunContinued;
import rto.protocol.RunEvent.RunPaused;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.GetStatus;
import rto.protocol.RunMessage.NodeLost;
import rto.protocol.RunMessage.Pause;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.RunMessage.TaskTaken;
import rto.protocol.TaskOffer;

/**
 * The brain of a run: one per cluster, event-sourced, on the learner's node.
 *
 * <pre>
 *   recovery ─▶ advance ─▶ NextStep ─┬▶ persist an event ─────────────▶ advance
 *                 ▲                  ├▶ restore, learn, checkpoint: tell the learner
 *                 │                  ├▶ collect: offer the missing tasks
 *                 │                  └▶ rest, end, refuse
 *                 └── the learner answered, a task was accepted, Continue
 * </pre>
 *
 * <p>What workers and scorers bring is taken by {@link TaskIntake}. The learner is a child: if it
 * fails, the run fails. A failed run stays and answers {@link GetStatus}; that it failed is not
 * journalled, so starting it again tries again.
 */
public final class TrainingRun extends EventSourcedBehavior<Object, RunEvent, RunState> {

  /** Of a journal that holds one run: it does not name it, so that another run is noticed. */
  public static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("training-run");

  private final ActorContext<Object> context;
  private final RunPlan plan;
  private final TaskOffers offers;
  private final RunWatch watch;
  private final RunSteps steps;
  private final TaskIntake tasks;

  /**
   * Starts or continues the run whose journal the actor system has.
   *
   * @param id {@link #PERSISTENCE_ID}, or one that names the run where a journal holds several
   * @param learner spawned as a child, restored once the journal is read
   * @param workers the key under which rollout workers register
   */
  public static Behavior<RunMessage> create(
      PersistenceId id,
      RunPlan plan,
      TaskSource taskSource,
      Behavior<LearnerCommand> learner,
      ServiceKey<ConsumerController.Command<TaskOffer>> workers,
      RunObserver observer) {
    return Behaviors.<Object>setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        new TrainingRun(
                            id, context, timers, plan, taskSource, learner, workers, observer)))
        .narrow();
  }

  private TrainingRun(
      PersistenceId id,
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      RunPlan plan,
      TaskSource taskSource,
      Behavior<LearnerCommand> learnerBehavior,
      ServiceKey<ConsumerController.Command<TaskOffer>> workers,
      RunObserver observer) {
    super(id);
    ActorRef<LearnerCommand> learner = context.spawn(learnerBehavior, "learner");
    context.watchWith(learner, Internal.LEARNER_GONE);
    this.context = context;
    this.plan = plan;
    this.offers = new TaskOffers(context, plan.run(), workers);
    var holders = new TaskHolders();
    this.watch = new RunWatch(plan, observer, timers, Internal.OVERDUE, context.getLog(), holders);
    this.steps = new RunSteps(context, timers, plan, taskSource, learner, offers, watch, Effect());
    this.tasks = new TaskIntake(context, holders, plan, offers, watch, steps, Effect());
    watch.await("recovering", "the journal", "its database", plan.deadlines().learner());
  }

  @Override
  public RunState emptyState() {
    return RunState.empty();
  }

  @Override
  public EventHandler<RunState, RunEvent> eventHandler() {
    return RunState.TRANSITIONS;
  }

  @Override
  public SnapshotAdapter<RunState> snapshotAdapter() {
    return new RunSnapshotAdapter();
  }

  /**
   * Keeps the journal bounded: a journal snapshot has all that {@link RunState} holds, and events
   * older than the one before it are deleted.
   */
  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(plan.eventsPerCheckpoint(), 1)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<RunState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(RecoveryFailed.class, this::onRecoveryFailed)
        .onSignal(PostStop.instance(), state -> watch.stopped())
        .build();
  }

  @Override
  public CommandHandler<Object, RunEvent, RunState> commandHandler() {
    var builder = newCommandHandlerBuilder();
    builder
        .forAnyState()
        .onCommand(ScoreTask.class, tasks::onScoreTask)
        .onCommand(TaskTaken.class, tasks::onTaskTaken)
        .onCommand(TaskFailed.class, tasks::onTaskFailed)
        .onCommand(NodeLost.class, tasks::onNodeLost)
        .onCommand(WorkPullingProducerController.<TaskOffer>requestNextClass(), tasks::onDemand)
        .onCommand(WorkerStats.class, tasks::onWorkerStats)
        .onCommand(Pause.class, this::onPause)
        .onCommand(Continue.class, this::onContinue)
        .onCommand(GetStatus.class, this::onGetStatus)
        .onCommand(Restored.class, this::onRestored)
        .onCommand(Learned.class, this::onLearned)
        .onCommand(CheckpointDone.class, this::onCheckpointDone)
        .onCommand(CheckpointDamaged.class, this::onCheckpointDamaged)
        .onCommand(CheckpointsDropped.class, this::onCheckpointsDropped)
        .onCommand(LearnerFailed.class, this::onLearnerFailed)
        .onCommand(Internal.class, this::onInternal);
    return builder.build();
  }

  private void onRecovered(RunState state) {
    state.learnedSinceCheckpoint().forEach(event -> watch.learned(event, true));
    steps.goOn();
  }

  private void onRecoveryFailed(RunState state, RecoveryFailed signal) {
    watch.fail("the journal cannot be read: " + signal.failure());
  }

  // From the learner.

  private Effect<RunEvent, RunState> onRestored(RunState state, Restored reply) {
    steps.restored(reply);
    return Mismatch.ofRestored(steps.start(), reply)
        .map(steps::refuse)
        .orElseGet(() -> steps.advance(state));
  }

  private Effect<RunEvent, RunState> onLearned(RunState state, Learned reply) {
    steps.learned(reply);
    var event =
        new IterationLearned(reply.iteration(), reply.weights(), reply.digest(), reply.metrics());
    return state.open().get(reply.iteration()).learned().isPresent()
        ? onLearnedAgain(state, event)
        : persistLearned(event);
  }

  private Effect<RunEvent, RunState> onLearnedAgain(RunState state, IterationLearned again) {
    return Mismatch.ofLearnedAgain(state, again)
        .map(steps::refuse)
        .orElseGet(() -> steps.advance(state));
  }

  private Effect<RunEvent, RunState> persistLearned(IterationLearned event) {
    return Effect().persist(event).thenRun(() -> watch.learned(event, false)).thenRun(steps::goOn);
  }

  private Effect<RunEvent, RunState> onCheckpointDone(RunState state, CheckpointDone reply) {
    steps.checkpointDone();
    var event = new CheckpointWritten(reply.iteration(), reply.folder(), reply.digest());
    return Mismatch.ofCheckpoint(steps.digest(), event)
        .map(steps::refuse)
        .orElseGet(() -> persistCheckpoint(event));
  }

  private Effect<RunEvent, RunState> persistCheckpoint(CheckpointWritten event) {
    return Effect()
        .persist(event)
        .thenRun(state -> steps.dropCheckpoints(state, event.iteration()));
  }

  private Effect<RunEvent, RunState> onCheckpointDamaged(RunState state, CheckpointDamaged reply) {
    steps.checkpointDamaged(reply);
    return steps.advance(state);
  }

  private Effect<RunEvent, RunState> onCheckpointsDropped(
      RunState state, CheckpointsDropped reply) {
    steps.checkpointsDropped();
    return steps.advance(state);
  }

  private Effect<RunEvent, RunState> onLearnerFailed(RunState state, LearnerFailed reply) {
    Throwable cause = reply.cause();
    context.getLog().debug("learner: " + reply.what(), cause);
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return steps.refuse("learner: " + reply.what() + ": " + reason);
  }

  // From users and from itself.

  private Effect<RunEvent, RunState> onPause(RunState state, Pause command) {
    return state.paused() || watch.ended() ? Effect().none() : Effect().persist(new RunPaused());
  }

  private Effect<RunEvent, RunState> onContinue(RunState state, Continue command) {
    return state.paused() ? steps.persist(new RunContinued()) : Effect().none();
  }

  private Effect<RunEvent, RunState> onGetStatus(RunState state, GetStatus command) {
    command.replyTo().tell(watch.status(state));
    return Effect().none();
  }

  private Effect<RunEvent, RunState> onInternal(RunState state, Internal message) {
    return switch (message) {
      case ADVANCE -> steps.advance(state);
      case OVERDUE -> onOverdue(state);
      case COUNT_WORKERS -> countWorkers();
      case LEARNER_GONE -> steps.refuse("the learner stopped");
    };
  }

  private Effect<RunEvent, RunState> onOverdue(RunState state) {
    watch.sayOverdue();
    steps.offerAgain();
    return steps.advance(state);
  }

  private Effect<RunEvent, RunState> countWorkers() {
    offers.countWorkers();
    return Effect().none();
  }
}
