package rto.node.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent.MemberDowned;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import rto.node.manage.NodeFacts;
import rto.protocol.DeskEvent;
import rto.protocol.DeskEvent.How;
import rto.protocol.DeskEvent.RunEnded;
import rto.protocol.DeskEvent.RunSubmitted;
import rto.protocol.DeskMessage.AskDesk;
import rto.protocol.DeskMessage.StopRun;
import rto.protocol.DeskMessage.SubmitRun;
import rto.protocol.DeskReply;
import rto.protocol.DeskStatus;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.NodeLost;
import rto.protocol.RunStatus;

/**
 * Takes runs, one at a time, and has them made on this node; a cluster singleton on the learners'
 * nodes, event-sourced, so that a run goes on by itself when its node dies.
 *
 * <pre>
 *   free ──SubmitRun──▶ making ──StartBrain──▶ brain at work ──Over──▶ free
 *                          └───────────Over────────────────────────────▲
 * </pre>
 *
 * <p>What rooms and users tell the run comes here, and goes on to the brain, the desk's child. A
 * brain that is gone although nobody asked for it has lost its journal, perhaps to another desk:
 * then this node leaves.
 */
public final class RunDesk extends EventSourcedBehavior<Object, DeskEvent, DeskState> {

  /** From the thread that makes the run. */
  private record StartBrain(Behavior<RunMessage> brain, CompletableFuture<?> end) {}

  private record Over(How how, String text) {}

  private record BrainGone() {}

  /** The brain at work, and who waits for its end. */
  private record Brain(String id, ActorRef<RunMessage> ref, CompletableFuture<?> end) {}

  /** Of the one desk that a journal has. */
  static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("run-desk");

  private static final int EVENTS_PER_SNAPSHOT = 10;

  private final ActorContext<Object> context;
  private final RunMaker maker;
  private final ActorRef<RunStatus> statusReader;
  private final NodeFacts facts;
  private StageWatch stage = new StageWatch();
  private Optional<Brain> brain = Optional.empty();
  private Optional<RunStatus> status = Optional.empty();
  private boolean stopping = false;

  /** Takes {@link rto.protocol.DeskMessage}s and {@link RunMessage}s. */
  public static Behavior<Object> create(RunMaker maker) {
    return Behaviors.setup(
        context -> {
          var desk = context.spawn(journalled(maker), "desk");
          context.watch(desk);
          return Behaviors.receive(Object.class)
              .onSignal(Terminated.class, gone -> leave(context))
              .onAnyMessage(message -> passOn(desk, message))
              .build();
        });
  }

  /** The same in a cluster: the run's brain hears of nodes that are given up. */
  public static Behavior<Object> inCluster(RunMaker maker) {
    return Behaviors.setup(
        context -> {
          ActorRef<MemberDowned> lost =
              context.messageAdapter(MemberDowned.class, RunDesk::nodeLost);
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(lost, MemberDowned.class));
          return create(maker);
        });
  }

  private static NodeLost nodeLost(MemberDowned downed) {
    return new NodeLost(downed.member().address().hostPort().replaceFirst(".*@", ""));
  }

  private static Behavior<Object> journalled(RunMaker maker) {
    return Behaviors.setup(context -> new RunDesk(context, maker));
  }

  private static Behavior<Object> passOn(ActorRef<Object> desk, Object message) {
    desk.tell(message);
    return Behaviors.same();
  }

  private static Behavior<Object> leave(ActorContext<Object> context) {
    NodeFailure.leave(context.getSystem(), "the desk failed (the log says why)");
    return Behaviors.same();
  }

  private RunDesk(ActorContext<Object> context, RunMaker maker) {
    super(PERSISTENCE_ID);
    this.context = context;
    this.maker = maker;
    this.statusReader = context.getSelf().narrow();
    this.facts = NodeFacts.of(context.getSystem());
  }

  @Override
  public DeskState emptyState() {
    return DeskState.empty();
  }

  @Override
  public EventHandler<DeskState, DeskEvent> eventHandler() {
    return DeskState::after;
  }

  @Override
  public SnapshotAdapter<DeskState> snapshotAdapter() {
    return new DeskSnapshotAdapter();
  }

  /** Keeps the journal bounded, however many runs are handed in. */
  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, 1).withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<DeskState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(PostStop.instance(), state -> onStopped())
        .build();
  }

  private void onRecovered(DeskState state) {
    state.on().ifPresent(this::make);
    facts.deskIsHere(now(state));
  }

  private void onStopped() {
    facts.deskIsElsewhere();
    brain.ifPresent(RunDesk::tellItsEnd);
  }

  @Override
  public CommandHandler<Object, DeskEvent, DeskState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(SubmitRun.class, this::onSubmit)
        .onCommand(StopRun.class, this::onStop)
        .onCommand(AskDesk.class, this::onAsk)
        .onCommand(RunMessage.class, this::onRunMessage)
        .onCommand(RunStatus.class, this::onStatus)
        .onCommand(StartBrain.class, this::onStartBrain)
        .onCommand(BrainGone.class, gone -> onBrainGone())
        .onCommand(Over.class, this::onOver)
        .build();
  }

  private Effect<DeskEvent, DeskState> onSubmit(DeskState state, SubmitRun submit) {
    var asked = new RunSubmitted(submit.run(), submit.config());
    if (state.on().isPresent()) {
      boolean same = state.on().get().equals(asked);
      String on = state.on().get().run();
      submit.replyTo().tell(new DeskReply(same, "run " + on + " is on" + (same ? "" : " already")));
      return Effect().none();
    }
    return Effect()
        .persist(asked)
        .thenRun(() -> make(asked))
        .thenRun(
            () -> submit.replyTo().tell(new DeskReply(true, "run " + asked.run() + " begins")));
  }

  private Effect<DeskEvent, DeskState> onStop(DeskState state, StopRun stop) {
    stopping = state.on().isPresent();
    brain.ifPresent(present -> context.stop(present.ref()));
    stop.replyTo().tell(new DeskReply(stopping, stopping ? "the run stops" : "no run is on"));
    return Effect().none();
  }

  private Effect<DeskEvent, DeskState> onAsk(DeskState state, AskDesk ask) {
    ask.replyTo().tell(now(state));
    facts.deskIsHere(now(state));
    // The answer is for those who ask next.
    brain.ifPresent(present -> present.ref().tell(new RunMessage.GetStatus(statusReader)));
    return Effect().none();
  }

  private DeskStatus now(DeskState state) {
    return new DeskStatus(
        state.on().map(RunSubmitted::run).orElse(""),
        state.on().map(RunSubmitted::config).orElse(""),
        brain.map(Brain::id).orElse(""),
        stage.now(),
        status,
        state.last());
  }

  private Effect<DeskEvent, DeskState> onStatus(DeskState state, RunStatus newest) {
    status = brain.map(present -> newest);
    return Effect().none();
  }

  /** Without a brain nobody waits for these: what is missing will be offered and sent again. */
  private Effect<DeskEvent, DeskState> onRunMessage(DeskState state, RunMessage message) {
    brain.ifPresent(present -> present.ref().tell(message));
    return Effect().none();
  }

  private Effect<DeskEvent, DeskState> onStartBrain(DeskState state, StartBrain start) {
    if (stopping) {
      start.end().completeExceptionally(new RunStopped("stopped by its user"));
      return Effect().none();
    }
    var ref = context.spawnAnonymous(start.brain());
    context.watchWith(ref, new BrainGone());
    brain = Optional.of(new Brain(UUID.randomUUID().toString(), ref, start.end()));
    return Effect().none();
  }

  private Effect<DeskEvent, DeskState> onBrainGone() {
    brain.ifPresent(RunDesk::tellItsEnd);
    brain = Optional.empty();
    status = Optional.empty();
    return Effect().none();
  }

  private Effect<DeskEvent, DeskState> onOver(DeskState state, Over over) {
    if (over.how() == How.STOPPED && !stopping) {
      NodeFailure.leave(context.getSystem(), "the run's brain is gone: " + over.text());
      return Effect().none();
    }
    stopping = false;
    brain.ifPresent(this::dismiss);
    return Effect().persist(new RunEnded(state.on().orElseThrow().run(), over.how(), over.text()));
  }

  /** The run is over: its brain is nobody's any more, however long it takes to stop. */
  private void dismiss(Brain done) {
    context.unwatch(done.ref());
    context.stop(done.ref());
    brain = Optional.empty();
    status = Optional.empty();
  }

  /** Has the run made on a thread of its own, which tells when it is over. */
  private void make(RunSubmitted run) {
    var progress = new StageWatch();
    var self = context.getSelf();
    RunMaker.Brains brains = (behavior, end) -> self.tell(new StartBrain(behavior, end));
    stage = progress;
    Thread thread = new Thread(() -> self.tell(made(run, brains, progress)), "run-" + run.run());
    thread.setDaemon(true);
    thread.start();
  }

  private Over made(RunSubmitted run, RunMaker.Brains brains, StageWatch progress) {
    try {
      return new Over(How.FINISHED, maker.make(run.run(), run.config(), brains, progress));
    } catch (RunStopped stopped) {
      return new Over(How.STOPPED, stopped.getMessage());
    } catch (Exception | Error failure) {
      context.getSystem().log().warn("run {} failed: {}", run.run(), failure.toString());
      context.getSystem().log().debug("run " + run.run(), failure);
      String message = failure.getMessage();
      return new Over(How.FAILED, message == null ? failure.toString() : message);
    }
  }

  private static void tellItsEnd(Brain brain) {
    brain.end().completeExceptionally(new RunStopped("its brain was stopped"));
  }
}
