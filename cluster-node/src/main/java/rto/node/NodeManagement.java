package rto.node;

import akka.actor.typed.ActorSystem;
import akka.management.javadsl.AkkaManagement;
import rto.node.cluster.NodeFailure;
import rto.node.journal.Journal;
import rto.node.manage.NodeFacts;

/** Has a node tell how it is, where its settings say so. */
final class NodeManagement {

  private NodeManagement() {}

  /** A node that cannot have the port leaves: nobody would learn that it is ready. */
  static void start(ActorSystem<?> system, NodeSettings settings) {
    if (!settings.management().isOn()) {
      return;
    }
    if (settings.roles().contains(NodeRole.LEARNER)) {
      NodeFacts.of(system).journalIs(journal(settings)::check);
    }
    AkkaManagement.get(system)
        .start()
        .whenComplete((uri, failure) -> tell(system, settings, failure));
  }

  private static Journal journal(NodeSettings settings) {
    return Journal.of(settings.journal(), settings.data().toAbsolutePath().normalize());
  }

  private static void tell(ActorSystem<?> system, NodeSettings settings, Throwable failure) {
    if (failure != null) {
      String why =
          "management.port: %s at %s cannot be had: %s"
              .formatted(
                  settings.management().portText(),
                  settings.managementHost(),
                  failure.getMessage());
      NodeFailure.leave(system, why);
    }
  }
}
