package rto.node.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;

/** What a node does for a run whose desk it may get. */
public final class StandbyCrew {

  private StandbyCrew() {}

  /**
   * Reads the journals of desk and run, and then waits.
   *
   * @param run under which the run's brain journals
   */
  public static Behavior<Void> create(PersistenceId run) {
    return Behaviors.setup(
        context -> {
          context.spawn(JournalReader.of(RunDesk.PERSISTENCE_ID), "desk-journal");
          context.spawn(JournalReader.of(run), "run-journal");
          return Behaviors.empty();
        });
  }
}
