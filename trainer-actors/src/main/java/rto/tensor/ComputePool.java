package rto.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import rto.protocol.Require;

/**
 * Several compute threads for independent pieces of one computation. Which thread computes a piece
 * does not matter; results are taken in the order of the pieces, so that sums have one order.
 */
public final class ComputePool implements AutoCloseable {

  private static final int PIECES_PER_THREAD = 2;

  private final ExecutorService threads;
  private final int size;

  /** Starts {@code size} daemon threads. */
  public ComputePool(String name, int size) {
    Require.that(size > 0, "compute threads: %s (expected: > 0)", size);
    this.size = size;
    this.threads = Executors.newFixedThreadPool(size, work -> ComputeThread.daemon(work, name));
  }

  /**
   * Computes all pieces and hands each result to {@code consumer}, on the calling thread, in order.
   * Only a few pieces are in work or waiting at a time, which bounds the memory of their results.
   *
   * <p>When a piece or the consumer fails, the pieces in work are waited for first, so that nothing
   * computes on tensors any more that the caller then frees.
   */
  public <T> void forEachInOrder(List<Callable<T>> pieces, Consumer<T> consumer) {
    Deque<CompletableFuture<T>> inWork = new ArrayDeque<>();
    int next = 0;
    try {
      while (next < pieces.size() || !inWork.isEmpty()) {
        while (next < pieces.size() && inWork.size() < size * PIECES_PER_THREAD) {
          inWork.add(submit(pieces.get(next++)));
        }
        consumer.accept(result(inWork.remove()));
      }
    } finally {
      inWork.forEach(ComputePool::waitFor);
    }
  }

  /** Whatever it comes to: its failure, too, is the concern of nobody any more. */
  private static void waitFor(CompletableFuture<?> piece) {
    piece.handle((result, failure) -> null).join();
  }

  /** Computes all pieces; the results in their order. */
  public <T> List<T> map(List<Callable<T>> pieces) {
    List<T> results = new ArrayList<>(pieces.size());
    forEachInOrder(pieces, results::add);
    return results;
  }

  private <T> CompletableFuture<T> submit(Callable<T> piece) {
    CompletableFuture<T> result = new CompletableFuture<>();
    threads.execute(() -> ComputeThread.complete(result, piece));
    return result;
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
