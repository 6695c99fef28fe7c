package rto.node.manage;

import akka.actor.ActorSystem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Ready unless a run is on that this node's rooms cannot serve, or not yet. */
public final class RoomsCheck implements Supplier<CompletionStage<Boolean>> {

  private final NodeFacts facts;

  /** As Akka Management makes it. */
  public RoomsCheck(ActorSystem system) {
    this.facts = NodeFacts.of(system);
  }

  @Override
  public CompletionStage<Boolean> get() {
    return facts
        .roomsMissing()
        .map(why -> CompletableFuture.<Boolean>failedFuture(new IllegalStateException(why)))
        .orElseGet(() -> CompletableFuture.completedFuture(true));
  }
}
