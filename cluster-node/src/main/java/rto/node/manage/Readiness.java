package rto.node.manage;

import akka.actor.ActorSystem;
import akka.cluster.Cluster;
import akka.cluster.MemberStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Whether a node can do its work: it is a member of the cluster, its journal answers if it needs
 * one, and its rooms serve the run that is on.
 */
final class Readiness {

  private final Cluster cluster;
  private final NodeFacts facts;
  private final JournalQuestion journal;

  Readiness(ActorSystem system) {
    this.cluster = Cluster.get(system);
    this.facts = NodeFacts.of(system);
    this.journal = new JournalQuestion(facts);
  }

  /** What is missing, a line each; none if it is ready. */
  CompletionStage<List<String>> missing() {
    return journal
        .problem()
        .thenApply(
            problem ->
                Stream.of(member(), problem, facts.roomsMissing())
                    .flatMap(Optional::stream)
                    .toList());
  }

  private Optional<String> member() {
    MemberStatus status = cluster.selfMember().status();
    return status.equals(MemberStatus.up())
        ? Optional.empty()
        : Optional.of("member of the cluster: " + status + " (expected: Up)");
  }
}
