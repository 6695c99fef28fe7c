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

  /** Java's 1 MiB was too little for NVIDIA's matrix products; what is not used costs nothing. */
  private static final long STACK_BYTES = 16L << 20;

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

  /** Not started yet. */
  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  private ComputeThread(String name, Runnable first) {
    thread = Executors.newSingleThreadExecutor(work -> daemon(work, name));
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
