package rto.node.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import rto.protocol.RunMessage;

/** What one node does for one run: the models of its roles, and the actors that work with them. */
public interface Rooms extends AutoCloseable {

  /** Loads what a node needs to serve a run. */
  @FunctionalInterface
  interface Loader {

    /**
     * Loads the models. Blocks, on a thread of its own.
     *
     * @param config the run's settings, as JSON
     */
    Rooms load(String run, String config) throws Exception;
  }

  /** The actors, for this brain; they are stopped before others are started. */
  Behavior<Void> crew(ActorRef<RunMessage> brain);

  /** Frees the models, when no actor works with them any more. */
  @Override
  void close();
}
