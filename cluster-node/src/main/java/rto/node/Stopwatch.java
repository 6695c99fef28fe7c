package rto.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import rto.checkpoint.WholeFile;

/** Wall-clock seconds of a run, those of its earlier, interrupted parts included. */
final class Stopwatch implements AutoCloseable {

  private static final double NANOS = 1e9;

  private final Path file;
  private final double before;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(Stopwatch::daemon);

  private Stopwatch(Path file, double before) {
    this.file = file;
    this.before = before;
  }

  /** Goes on from what the file says; writes it every second. */
  static Stopwatch in(Path folder) throws IOException {
    Path file = folder.resolve("seconds");
    double before = Files.exists(file) ? Double.parseDouble(Files.readString(file).strip()) : 0;
    Stopwatch watch = new Stopwatch(file, before);
    watch.ticker.scheduleAtFixedRate(watch::save, 1, 1, TimeUnit.SECONDS);
    return watch;
  }

  double seconds() {
    return before + (System.nanoTime() - start) / NANOS;
  }

  private synchronized void save() {
    try {
      WholeFile.write(file, Double.toString(seconds()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "stopwatch");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    ticker.shutdown();
    save();
  }
}
