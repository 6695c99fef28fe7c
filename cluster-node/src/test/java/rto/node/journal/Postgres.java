package rto.node.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import rto.node.FreePort;

/**
 * A PostgreSQL of the test's own: in a temporary folder, on a free port of loopback, gone with the
 * test. Root may not run it, so root lends it the package's user.
 */
final class Postgres implements AutoCloseable {

  static final String PASSWORD = "only for tests";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String SYSTEM_USER = "postgres";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Ends the server when the pipe from the test does, and ends when the server does. */
  private static final String GUARD =
      "exec 3<&0; \"$@\" & pid=$!; { read -r line <&3; kill -9 $pid; } & wait $pid";

  private final Path bin;
  private final Path folder;
  private final int port;
  private Process guard;

  private Postgres(Path bin, Path folder, int port) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
  }

  /** The programs of the newest version here, or where the property rto.postgres.bin says. */
  static Optional<Path> installed() throws IOException {
    String told = System.getProperty("rto.postgres.bin");
    if (told != null) {
      return Optional.of(Path.of(told));
    }
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  /** A new, empty database cluster; not started. */
  static Postgres create(Path bin) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("rto-postgres");
    Path secret = folder.resolve("password");
    Files.writeString(secret, PASSWORD);
    Files.createDirectory(folder.resolve("socket"));
    if (isRoot()) {
      for (Path path : List.of(folder, secret, folder.resolve("socket"))) {
        var users = path.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(path, users.lookupPrincipalByName(SYSTEM_USER));
      }
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    var server = new Postgres(bin, folder, FreePort.next());
    server.run(
        "initdb",
        "-D",
        server.data(),
        "-U",
        "rto",
        "-A",
        "scram-sha-256",
        "--no-sync",
        "--locale=C",
        "-E",
        "UTF8",
        "--pwfile=" + secret);
    return server;
  }

  JournalSettings.Postgres settings() {
    return new JournalSettings.Postgres("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "rto");
  }

  Journal journal() {
    return Journal.of(settings(), folder, PASSWORD);
  }

  /** Starts it, with settings of its own, and waits until it takes connections. */
  void start(String... settings) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard"));
    command.addAll(List.of(bin.resolve("postgres").toString(), "-D", data()));
    command.addAll(
        List.of("-p", Integer.toString(port), "-k", folder.resolve("socket").toString()));
    command.addAll(List.of("-c", "listen_addresses=127.0.0.1"));
    Stream.of(settings).forEach(setting -> command.addAll(List.of("-c", setting)));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    do {
      if (System.nanoTime() > deadline) {
        throw new IOException("PostgreSQL did not start:\n" + Files.readString(log()));
      }
      // It refuses to start while a process of one that was killed is about to end.
      if (guard == null || !guard.isAlive()) {
        guard = process(command).start();
      }
      Thread.sleep(50);
    } while (!answers());
  }

  /** As {@code kill -9} of the postmaster and of all its processes at once. */
  void kill() throws InterruptedException {
    guard.descendants().forEach(ProcessHandle::destroyForcibly);
    guard.waitFor();
  }

  @Override
  public void close() throws IOException {
    if (guard != null) {
      guard.descendants().forEach(ProcessHandle::destroyForcibly);
      guard.destroyForcibly().onExit().join();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private boolean answers() {
    try (Connection connection = DriverManager.getConnection(settings().url(), "rto", PASSWORD)) {
      return connection.isValid(1);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(bin.resolve(program).toString()));
    command.addAll(List.of(arguments));
    int status = process(command).start().waitFor();
    if (status != 0) {
      throw new IOException(program + ": status " + status + "\n" + Files.readString(log()));
    }
  }

  private ProcessBuilder process(List<String> command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + SYSTEM_USER, "--regid=" + SYSTEM_USER));
      all.add("--clear-groups");
    }
    all.addAll(command);
    return new ProcessBuilder(all)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Path log() {
    return folder.resolve("log");
  }

  private String data() {
    return folder.resolve("data").toString();
  }
}
