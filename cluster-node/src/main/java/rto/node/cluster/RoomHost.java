package rto.node.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import rto.node.manage.NodeFacts;
import rto.protocol.DeskStatus;
import rto.protocol.RunMessage;

/**
 * Has this node's rooms serve the run that is on.
 *
 * <pre>
 *   no rooms ──a run with a brain──▶ loading ──Loaded──▶ rooms ──▶ crew at work
 *      ▲  ▲─────LoadFailed──────────────┘                  ▲ another brain: │
 *      │                                                   └── new crew ────┘
 *      └──────────────────────no run, or another one─────────────────┘
 * </pre>
 *
 * <p>A new brain gets a new crew on the same models: whatever the old crew was about to confirm, it
 * would have confirmed to a brain that is gone, and the new one offers all tasks that it misses.
 */
final class RoomHost extends AbstractBehavior<Object> {

  private record Loaded(DeskStatus asked, Rooms rooms) {}

  private record LoadFailed(DeskStatus asked, Throwable cause) {}

  /** The crew is gone and its rooms are not needed any more. */
  private record Vacated(Rooms rooms) {}

  private record CrewGone() {}

  /** Nobody asked the crew to go. */
  private record CrewFailed() {}

  private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(3);

  private final Rooms.Loader loader;
  private final ActorRef<RunMessage> desk;
  private final NodeFacts facts;
  private final Executor threads = RoomHost::onThread;

  private Optional<DeskStatus> served = Optional.empty();
  private Optional<Rooms> rooms = Optional.empty();
  private Optional<ActorRef<Void>> crew = Optional.empty();
  private boolean loading = false;
  private Instant nextTry = Instant.EPOCH;

  static Behavior<DeskStatus> create(Rooms.Loader loader, ActorRef<RunMessage> desk) {
    return Behaviors.<Object>setup(context -> new RoomHost(context, loader, desk)).narrow();
  }

  private RoomHost(ActorContext<Object> context, Rooms.Loader loader, ActorRef<RunMessage> desk) {
    super(context);
    this.loader = loader;
    this.desk = desk;
    this.facts = NodeFacts.of(context.getSystem());
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(DeskStatus.class, this::onDesk)
        .onMessage(Loaded.class, this::onLoaded)
        .onMessage(LoadFailed.class, this::onLoadFailed)
        .onMessage(Vacated.class, this::onVacated)
        .onMessage(CrewGone.class, gone -> this)
        .onMessage(CrewFailed.class, failed -> onCrewFailed())
        .build();
  }

  private Behavior<Object> onDesk(DeskStatus status) {
    if (loading) {
      return this;
    }
    if (served.isPresent() && !isSameRun(served.get(), status)) {
      vacate();
    }
    if (status.brain().isEmpty()) {
      facts.roomsAreThere();
      return this;
    }
    if (rooms.isEmpty()) {
      load(status);
    } else if (!served.get().brain().equals(status.brain())) {
      dismissCrew(new CrewGone());
      startCrew(status);
    }
    return this;
  }

  private void load(DeskStatus status) {
    if (Instant.now().isBefore(nextTry)) {
      return;
    }
    loading = true;
    facts.roomsAreMissing("run " + status.run() + ": its models are being loaded");
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> loaded(status), threads),
            (made, failure) ->
                failure == null
                    ? new Loaded(status, made)
                    : new LoadFailed(status, failure.getCause()));
  }

  private Rooms loaded(DeskStatus status) {
    try {
      return loader.load(status.run(), status.config());
    } catch (Exception failure) {
      throw new CompletionException(failure);
    }
  }

  /** Another run may be on meanwhile: the desk's next word tells. */
  private Behavior<Object> onLoaded(Loaded loaded) {
    loading = false;
    rooms = Optional.of(loaded.rooms());
    startCrew(loaded.asked());
    return this;
  }

  private Behavior<Object> onLoadFailed(LoadFailed failed) {
    loading = false;
    nextTry = Instant.now().plus(BEFORE_NEXT_TRY);
    facts.roomsAreMissing(
        "run " + failed.asked().run() + ": its models cannot be loaded: " + failed.cause());
    getContext()
        .getLog()
        .warn(
            "run {}: this node cannot serve it, and tries again: {}",
            failed.asked().run(),
            failed.cause().toString());
    return this;
  }

  private void startCrew(DeskStatus status) {
    served = Optional.of(status);
    var present = getContext().spawnAnonymous(rooms.orElseThrow().crew(desk));
    getContext().watchWith(present, new CrewFailed());
    crew = Optional.of(present);
    facts.roomsAreThere();
  }

  private void dismissCrew(Object whenGone) {
    crew.ifPresent(
        present -> {
          getContext().unwatch(present);
          getContext().watchWith(present, whenGone);
          getContext().stop(present);
        });
    crew = Optional.empty();
  }

  private void vacate() {
    rooms.ifPresent(old -> dismissCrew(new Vacated(old)));
    rooms = Optional.empty();
    served = Optional.empty();
  }

  private Behavior<Object> onVacated(Vacated vacated) {
    threads.execute(vacated.rooms()::close);
    return this;
  }

  private Behavior<Object> onCrewFailed() {
    NodeFailure.leave(getContext().getSystem(), "a room failed (the log says which and why)");
    return this;
  }

  private static boolean isSameRun(DeskStatus one, DeskStatus other) {
    return one.run().equals(other.run()) && one.config().equals(other.config());
  }

  private static void onThread(Runnable work) {
    Thread thread = new Thread(work, "rooms");
    thread.setDaemon(true);
    thread.start();
  }
}
