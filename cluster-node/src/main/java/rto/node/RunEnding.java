package rto.node;

import java.util.concurrent.CompletableFuture;
import rto.node.cluster.RunStopped;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.RunFinished;
import rto.run.RunObserver;

/**
 * Passes everything on to the user's observer, and notes how the run ends: with {@link RunFailed}
 * or with {@link RunStopped}.
 */
record RunEnding(RunObserver user, CompletableFuture<RunFinished> end) implements RunObserver {

  @Override
  public void learned(IterationLearned event, boolean replayed) {
    user.learned(event, replayed);
  }

  @Override
  public void finished(String digest) {
    user.finished(digest);
    end.complete(new RunFinished(digest));
  }

  @Override
  public void failed(String reason) {
    user.failed(reason);
    end.completeExceptionally(new RunFailed(reason));
  }

  @Override
  public void stopped(String reason) {
    user.stopped(reason);
    end.completeExceptionally(new RunStopped(reason));
  }
}
