package rto.node.manage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Whether the journal that this node needs is there. One question at a time, on a thread of its
 * own: whoever asks meanwhile gets the same answer, so that a silent database costs one thread.
 */
final class JournalQuestion {

  private static final int PATIENCE_SECONDS = 1;

  private final NodeFacts facts;
  private CompletableFuture<Optional<String>> asked =
      CompletableFuture.completedFuture(Optional.empty());

  JournalQuestion(NodeFacts facts) {
    this.facts = facts;
  }

  /** What is wrong with it, within a second; empty if nothing is. */
  synchronized CompletionStage<Optional<String>> problem() {
    if (asked.isDone()) {
      asked = CompletableFuture.supplyAsync(this::ask, JournalQuestion::onThread);
    }
    String silent = "journal: no answer within " + PATIENCE_SECONDS + " s";
    return asked.copy().completeOnTimeout(Optional.of(silent), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Optional<String> ask() {
    try {
      facts.journal().check();
      return Optional.empty();
    } catch (Exception unusable) {
      return Optional.of(String.valueOf(unusable.getMessage()));
    }
  }

  private static void onThread(Runnable work) {
    Thread thread = new Thread(work, "journal-question");
    thread.setDaemon(true);
    thread.start();
  }
}
