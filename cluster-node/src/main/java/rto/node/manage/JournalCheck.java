package rto.node.manage;

import akka.actor.ActorSystem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Ready if the journal that this node needs answers. One question at a time, on a thread of its
 * own: whoever asks meanwhile gets the same answer, so that a silent database costs one thread.
 */
public final class JournalCheck implements Supplier<CompletionStage<Boolean>> {

  private final NodeFacts facts;
  private CompletableFuture<Boolean> asked = CompletableFuture.completedFuture(true);

  /** As Akka Management makes it. */
  public JournalCheck(ActorSystem system) {
    this.facts = NodeFacts.of(system);
  }

  @Override
  public synchronized CompletionStage<Boolean> get() {
    if (asked.isDone()) {
      asked = CompletableFuture.supplyAsync(this::check, JournalCheck::onThread);
    }
    return asked;
  }

  private Boolean check() {
    try {
      facts.journal().check();
      return true;
    } catch (Exception unusable) {
      throw new CompletionException(unusable);
    }
  }

  private static void onThread(Runnable work) {
    Thread thread = new Thread(work, "journal-check");
    thread.setDaemon(true);
    thread.start();
  }
}
