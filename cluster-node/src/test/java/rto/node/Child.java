package rto.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, with all that it says. */
public final class Child implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final long started = System.nanoTime();
  private final FileTime startTime;
  private final List<String> out = Collections.synchronizedList(new ArrayList<>());
  private final List<String> err = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> readers;

  private Child(Process process, FileTime startTime) {
    this.process = process;
    this.startTime = startTime;
    this.readers =
        List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
  }

  /** {@code rto} with these arguments; the run says on stderr what it waits for. */
  public static Child rto(List<String> arguments) throws IOException {
    return rto(arguments, Map.of("RTO_LOG_LEVEL", "DEBUG"));
  }

  /** {@code rto} as a user sees it. */
  public static Child quiet(List<String> arguments) throws IOException {
    return rto(arguments, Map.of("RTO_LOG_LEVEL", "WARN"));
  }

  /** {@code rto} with more in its environment. */
  public static Child rto(List<String> arguments, Map<String, String> environment)
      throws IOException {
    List<String> command =
        Packaged.java(
            // Quick to start; many of these run one after the other.
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback.xml",
            "-Drto.home=" + SmallRun.CONFIG.toAbsolutePath().getParent().getParent());
    command.add(GuardedMain.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    FileTime now = FileTime.from(Instant.now());
    return new Child(builder.start(), now);
  }

  /** As {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    ended();
  }

  /** As Ctrl-C; unlike {@link Process#destroy} it leaves the pipes open. */
  public void terminate() {
    process.toHandle().destroy();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether there is a folder that is younger than the process. */
  boolean hasMade(Path folder) {
    try {
      return Files.getLastModifiedTime(folder).compareTo(startTime) >= 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** Waits for the end, and for all that was said; the exit status. */
  public int ended() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + PATIENCE_SECONDS + " s\n" + said());
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  public List<String> out() {
    return List.copyOf(out);
  }

  public List<String> err() {
    synchronized (err) {
      return List.copyOf(err);
    }
  }

  /** Everything, for the message of a failure. */
  public String said() {
    return String.join("\n", out()) + "\n" + String.join("\n", err());
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }

  private static Thread reader(InputStream in, List<String> lines) {
    Thread thread = new Thread(() -> read(in, lines), "reader");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void read(InputStream in, List<String> lines) {
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException closed) {
      // the process is gone
    }
  }
}
