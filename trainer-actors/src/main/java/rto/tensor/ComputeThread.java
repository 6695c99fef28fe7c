package rto.tensor;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One thread that owns a model: libtorch's grad mode, inference mode and executor settings belong
 * to a thread, so everything that touches one model runs on one of these, in order.
 */
public final class ComputeThread implements Executor, AutoCloseable {

  private final ExecutorService thread;

  /** Starts a daemon thread of this name, on the device that the process has by default. */
  public ComputeThread(String name) {
    this(name, Torch::prepareThread);
  }

  /** The same on another device. */
  public ComputeThread(String name, ComputeDevice device) {
    this(
        name,
        () -> {
          device.useHere();
          Torch.prepareThread();
        });
  }

  private ComputeThread(String name, Runnable first) {
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread t = new Thread(work, name);
              t.setDaemon(true);
              return t;
            });
    thread.execute(first);
  }

  @Override
  public void execute(Runnable work) {
    thread.execute(work);
  }

  /** Runs {@code work} here; the future fails with what it throws. */
  public <T> CompletableFuture<T> submit(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(() -> complete(result, work));
    return result;
  }

  /** Runs {@code work} here and waits; unchecked exceptions and errors come back as they are. */
  public <T> T call(Callable<T> work) {
    try {
      return submit(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for compute", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new CompletionException(e.getCause());
    }
  }

  /** Takes no more work; what is queued still runs. */
  @Override
  public void close() {
    thread.shutdown();
  }

  static <T> void complete(CompletableFuture<T> result, Callable<T> work) {
    try {
      result.complete(work.call());
    } catch (Throwable failure) { // handed to whoever waits for the future
      result.completeExceptionally(failure);
    }
  }
}
