package rto.node.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import rto.metrics.Progress;

/**
 * Independent pieces of work, several at a time, begun in the order of their list. One progress bar
 * counts them all and names those in work.
 */
final class Jobs implements AutoCloseable {

  private final int parallel;
  private final Progress.Stage shown;
  private final Set<String> inWork = new TreeSet<>();
  private int done;
  private boolean failed;

  /**
   * @param total of all lists that will come
   */
  Jobs(int parallel, Progress progress, int total) {
    this.parallel = parallel;
    this.shown = progress.begin("compare", "runs", total);
  }

  /** A piece of work by its name. */
  record Job<T>(String name, Callable<T> work) {}

  /** A piece of work failed; the message says which one and why. */
  static final class JobFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JobFailed(String name, Exception cause) {
      super(name + ": " + reason(cause), cause);
    }

    /** Checked exceptions need their kind to be understood: some only name a file. */
    private static String reason(Exception cause) {
      return cause instanceof RuntimeException && cause.getMessage() != null
          ? cause.getMessage()
          : cause.toString();
    }
  }

  /**
   * Does all jobs; the results in their order. When one fails, those in work are waited for, the
   * others are not begun, and its failure is thrown.
   *
   * @throws JobFailed naming the job
   */
  <T> List<T> run(List<Job<T>> jobs) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(parallel, Jobs::daemon);
    try {
      List<Callable<T>> pieces =
          jobs.stream().<Callable<T>>map(job -> () -> unlessFailed(job)).toList();
      return results(threads.invokeAll(pieces));
    } finally {
      threads.shutdown();
    }
  }

  private static <T> List<T> results(List<Future<T>> futures) throws Exception {
    List<T> results = new ArrayList<>();
    CancellationException notBegun = null;
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException failure) {
        if (failure.getCause() instanceof CancellationException cancelled) {
          notBegun = cancelled;
        } else {
          throw failure.getCause() instanceof Exception reason ? reason : failure;
        }
      }
    }
    if (notBegun != null) {
      throw notBegun;
    }
    return results;
  }

  private <T> T unlessFailed(Job<T> job) throws Exception {
    if (begin(job.name())) {
      throw new CancellationException(job.name() + ": not begun");
    }
    boolean worked = false;
    try {
      T result = job.work().call();
      worked = true;
      return result;
    } catch (Exception failure) { // of whatever kind: it gets the name of its job
      throw new JobFailed(job.name(), failure);
    } finally {
      end(job.name(), worked);
    }
  }

  /** Returns whether nothing shall begin any more. */
  private synchronized boolean begin(String name) {
    if (!failed) {
      inWork.add(name);
      tell();
    }
    return failed;
  }

  private synchronized void end(String name, boolean worked) {
    inWork.remove(name);
    failed |= !worked;
    done++;
    tell();
  }

  private void tell() {
    shown.doing(String.join(", ", inWork));
    shown.step(done, Map.of());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "compare");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    shown.close();
  }
}
