package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import rto.node.cluster.Rooms;
import rto.protocol.RunMessage;

/**
 * What a learner's node has ready while another one has the desk, so that it can take over within
 * seconds: one learner, of the run that is on. When another run is on the old one is dropped first.
 *
 * <p>A node that once had the desk has it until its end, and stands by no more.
 */
final class Standby implements Rooms.Loader {

  /** Prepares a run; blocks. */
  @FunctionalInterface
  interface Preparation {
    PreparedBrain prepare(String run, String config) throws Exception;
  }

  /** One run's place, empty as long as it is prepared. */
  private record Place(String run, String config, CompletableFuture<PreparedBrain> brain) {

    boolean isFor(String otherRun, String otherConfig) {
      return run.equals(otherRun) && config.equals(otherConfig);
    }

    void drop() {
      brain.thenAccept(PreparedBrain::close);
    }
  }

  private final Preparation preparation;
  private Optional<Place> place = Optional.empty();
  private boolean atDesk = false;

  Standby(Preparation preparation) {
    this.preparation = preparation;
  }

  /** Prepares for this run; nothing on the node that has the desk itself. */
  @Override
  public Rooms load(String run, String config) throws Exception {
    var mine = new Place(run, config, new CompletableFuture<>());
    if (take(mine)) {
      try {
        mine.brain().complete(preparation.prepare(run, config));
      } catch (Exception | Error failure) {
        mine.brain().completeExceptionally(failure);
        leave(mine);
        throw failure;
      }
    }
    return new Waiting(mine);
  }

  /**
   * What was prepared for this run, if anything was, for the caller to close. It is waited for if
   * it is not ready yet. What was prepared for any other run is dropped.
   */
  Optional<PreparedBrain> take(String run, String config) {
    Optional<Place> taken = takeAll();
    taken.filter(one -> !one.isFor(run, config)).ifPresent(Place::drop);
    return taken.filter(one -> one.isFor(run, config)).flatMap(Standby::ready);
  }

  private static Optional<PreparedBrain> ready(Place place) {
    try {
      return Optional.of(place.brain().join());
    } catch (CompletionException failed) {
      return Optional.empty(); // told where it failed; the caller loads what it needs
    }
  }

  private synchronized boolean take(Place mine) {
    if (!atDesk) {
      place = Optional.of(mine);
    }
    return !atDesk;
  }

  private synchronized Optional<Place> takeAll() {
    atDesk = true;
    Optional<Place> taken = place;
    place = Optional.empty();
    return taken;
  }

  /** Whether it was there still. */
  private synchronized boolean leave(Place mine) {
    boolean there = place.filter(one -> one == mine).isPresent();
    if (there) {
      place = Optional.empty();
    }
    return there;
  }

  /** No actor works with a learner that stands by. */
  private final class Waiting implements Rooms {

    private final Place mine;

    Waiting(Place mine) {
      this.mine = mine;
    }

    @Override
    public Behavior<Void> crew(ActorRef<RunMessage> brain) {
      return Behaviors.empty();
    }

    @Override
    public void close() {
      if (leave(mine)) {
        mine.drop();
      }
    }
  }
}
