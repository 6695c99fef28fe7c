package rto.node.cluster;

import akka.actor.typed.Behavior;
import java.util.concurrent.CompletableFuture;
import rto.metrics.Progress;
import rto.protocol.RunMessage;

/** Makes a whole run, on the node that has the desk. */
@FunctionalInterface
public interface RunMaker {

  /**
   * Begins the run, or goes on with it, and returns at its end. Blocks, on a thread of its own.
   *
   * @param config the settings that decide the result, as JSON
   * @param brains starts the brain when the policy stage begins
   * @return what the run's user reads
   * @throws RunStopped if the brain was stopped: the run is not over
   * @throws Exception that ends the run; its message is for the user
   */
  String make(String run, String config, Brains brains, Progress progress) throws Exception;

  /** Starts brains where all rooms find them. */
  @FunctionalInterface
  interface Brains {

    /**
     * Starts the run's brain.
     *
     * @param end completed with {@link RunStopped} if the brain is gone before
     */
    void start(Behavior<RunMessage> brain, CompletableFuture<?> end);
  }
}
