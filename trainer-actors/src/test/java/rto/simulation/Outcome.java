package rto.simulation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import rto.protocol.RunEvent.IterationLearned;
import rto.run.RunObserver;

/** Waits for the end of a run. */
public final class Outcome implements RunObserver {

  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final List<IterationLearned> learned = new CopyOnWriteArrayList<>();
  private final List<Integer> replayed = new CopyOnWriteArrayList<>();

  @Override
  public void learned(IterationLearned event, boolean again) {
    learned.add(event);
    if (again) {
      replayed.add(event.iteration());
    }
  }

  @Override
  public void finished(String digest) {
    end.complete(digest);
  }

  @Override
  public void failed(String reason) {
    end.complete("failed: " + reason);
  }

  /** The digest, or "failed: " and why. */
  public String await() {
    try {
      return end.get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the run did not end; learned so far: " + learned, e);
    }
  }

  public List<IterationLearned> learned() {
    return learned;
  }

  /** Iterations that were told from the journal. */
  public List<Integer> replayed() {
    return replayed;
  }
}
