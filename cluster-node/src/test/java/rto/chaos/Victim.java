package rto.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rto.node.Packaged;

/** One life of a node: a process of ours that may be killed, stopped, and told to trap itself. */
final class Victim {

  /** A line that the process said, and when it was read. */
  record Line(long millis, String text) {}

  /** Flags of a JVM that starts quickly and shares its machine. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djava.net.preferIPv4Stack=true",
          "-Dlogback.configurationFile=logback.xml",
          "-Dai.djl.offline=true",
          "-Djdbc-journal.class=" + TrappedJournal.class.getName(),
          "-Dakka.actor.serializers.rto=" + TrappedSerializer.class.getName());

  private final String name;
  private final Process process;
  private final List<Line> said = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> end;
  private volatile boolean doomed = false;

  private Victim(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    Thread out = reader(process.getInputStream(), log);
    Thread err = reader(process.getErrorStream(), log);
    this.end = process.onExit().thenApply(gone -> statusOf(gone, out, err));
  }

  /**
   * Starts the program.
   *
   * @param flags more for the JVM
   * @param environment more for the process
   * @param log where all that it says goes, after what its earlier lives said
   */
  static Victim start(
      String name,
      List<String> flags,
      Map<String, String> environment,
      List<String> arguments,
      Path log)
      throws IOException {
    List<String> command =
        Packaged.java(Stream.concat(FLAGS.stream(), flags.stream()).toArray(String[]::new));
    command.add(VictimMain.class.getName());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    // As the launcher sets them: several processes share these cores.
    builder
        .environment()
        .putAll(
            Map.of("RTO_LOG_LEVEL", "DEBUG", "GOMP_SPINCOUNT", "1000", "MALLOC_ARENA_MAX", "1"));
    builder.environment().putAll(environment);
    return new Victim(name, builder.start(), log);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit status when the process is gone and all that it said is read. */
  CompletableFuture<Integer> end() {
    return end;
  }

  /** Whether the driver did something from which it may die. */
  boolean isDoomed() {
    return doomed;
  }

  /** Its death, by whatever way, is the driver's doing from now on. */
  void doom() {
    doomed = true;
  }

  void kill() {
    doom();
    Signals.send(pid(), Signals.KILL);
  }

  /** Told to leave. */
  void terminate() {
    doom();
    Signals.send(pid(), Signals.TERMINATE);
  }

  void stop() {
    Signals.send(pid(), Signals.STOP);
  }

  void goOn() {
    Signals.send(pid(), Signals.CONTINUE);
  }

  /** It kills itself when it is at this point for the n-th time from now on. */
  void arm(TrapPoint point, int times) {
    doom();
    try {
      process
          .getOutputStream()
          .write("arm %s %d\n".formatted(point, times).getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException gone) {
      // dead already, which is seen elsewhere
    }
  }

  List<Line> said() {
    return List.copyOf(said);
  }

  /** When it first said something like this. */
  Optional<Line> firstLine(Pattern pattern) {
    return said.stream().filter(line -> pattern.matcher(line.text()).find()).findFirst();
  }

  /** When it was first at this point. */
  Optional<Line> first(TrapPoint point) {
    return firstLine(Pattern.compile("^" + Pattern.quote(Traps.SAYS + point) + "$"));
  }

  private Thread reader(InputStream in, Path log) {
    Thread thread = new Thread(() -> read(in, log), "output-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void read(InputStream in, Path log) {
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        Writer to =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(new Line(System.currentTimeMillis(), line));
        to.write(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + " " + pid() + " " + line + "\n");
        to.flush();
      }
    } catch (IOException closed) {
      // the process is gone
    }
  }

  private static int statusOf(Process gone, Thread... readers) {
    try {
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
    return gone.exitValue();
  }
}
