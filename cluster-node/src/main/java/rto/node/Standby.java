package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import rto.node.cluster.Rooms;
import rto.node.cluster.StandbyCrew;
import rto.protocol.RunMessage;

/**
 * What a learner's node has ready while another one has the desk, so that it can take over within
 * seconds: one learner, of the run that is on. When another run is on the old one is dropped first.
 *
 * <p>A node that once had the desk has it until its end, and stands by no more.
 */
final class Standby<B extends Standby.Prepared> implements Rooms.Loader {

  /** Holds memory until it is closed. */
  interface Prepared extends AutoCloseable {
    @Override
    void close();
  }

  /** Prepares a run; blocks. */
  @FunctionalInterface
  interface Preparation<B> {
    B prepare(String run, String config) throws Exception;
  }

  /** One run's place, empty as long as it is prepared. */
  private record Place<B extends Prepared>(String run, String config, CompletableFuture<B> brain) {

    boolean isFor(String otherRun, String otherConfig) {
      return run.equals(otherRun) && config.equals(otherConfig);
    }

    void drop() {
      brain.thenAccept(Prepared::close);
    }
  }

  private final Preparation<B> preparation;
  private final Function<String, PersistenceId> journal;
  private Optional<Place<B>> place = Optional.empty();
  private boolean atDesk = false;

  /**
   * @param journal under which a run's brain journals
   */
  Standby(Preparation<B> preparation, Function<String, PersistenceId> journal) {
    this.preparation = preparation;
    this.journal = journal;
  }

  /** Prepares for this run; nothing on the node that has the desk itself. */
  @Override
  public Rooms load(String run, String config) throws Exception {
    var mine = new Place<B>(run, config, new CompletableFuture<>());
    if (!take(mine)) {
      return new AtDesk();
    }
    try {
      mine.brain().complete(preparation.prepare(run, config));
      return new Waiting(mine);
    } catch (Exception | Error failure) {
      mine.brain().completeExceptionally(failure);
      leave(mine);
      throw failure;
    }
  }

  /** Whether this run is prepared, or will be. */
  synchronized boolean isFor(String run, String config) {
    return place.filter(one -> one.isFor(run, config)).isPresent();
  }

  /**
   * What was prepared for this run, if anything was, for the caller to close. It is waited for if
   * it is not ready yet. What was prepared for any other run is dropped.
   */
  Optional<B> take(String run, String config) {
    Optional<Place<B>> taken = takeAll();
    taken.filter(one -> !one.isFor(run, config)).ifPresent(Place::drop);
    return taken.filter(one -> one.isFor(run, config)).flatMap(this::ready);
  }

  private Optional<B> ready(Place<B> place) {
    try {
      return Optional.of(place.brain().join());
    } catch (CompletionException failed) {
      return Optional.empty(); // told where it failed; the caller loads what it needs
    }
  }

  private synchronized boolean take(Place<B> mine) {
    if (!atDesk) {
      place.ifPresent(Place::drop);
      place = Optional.of(mine);
    }
    return !atDesk;
  }

  private synchronized Optional<Place<B>> takeAll() {
    atDesk = true;
    Optional<Place<B>> taken = place;
    place = Optional.empty();
    return taken;
  }

  /** Whether it was there still. */
  private synchronized boolean leave(Place<B> mine) {
    boolean there = place.filter(one -> one == mine).isPresent();
    if (there) {
      place = Optional.empty();
    }
    return there;
  }

  /** Nothing is to be done. */
  private static final class AtDesk implements Rooms {

    @Override
    public Behavior<Void> crew(ActorRef<RunMessage> brain) {
      return Behaviors.empty();
    }

    @Override
    public void close() {}
  }

  /** The learner is ready, and no actor works with it. */
  private final class Waiting implements Rooms {

    private final Place<B> mine;

    Waiting(Place<B> mine) {
      this.mine = mine;
    }

    @Override
    public Behavior<Void> crew(ActorRef<RunMessage> brain) {
      return StandbyCrew.create(journal.apply(mine.run()));
    }

    @Override
    public void close() {
      if (leave(mine)) {
        mine.drop();
      }
    }
  }
}
