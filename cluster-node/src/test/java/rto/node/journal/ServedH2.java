package rto.node.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import rto.node.Child;

/** {@code rto journal serve} in a process of its own. */
final class ServedH2 implements Victim {

  private static final Pattern LISTENS = Pattern.compile("journal: 127\\.0\\.0\\.1:(\\d+) serves");

  private final Path folder;
  private final Map<String, String> environment;
  private Child child;
  private int port;

  ServedH2(Path folder) {
    this(folder, Map.of());
  }

  ServedH2(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  @Override
  public Journal start() throws IOException, InterruptedException {
    child =
        Child.rto(
            List.of("journal", "serve", "--data", folder.toString(), "--port", "0"), environment);
    Optional<String> told = told();
    while (told.isEmpty()) {
      if (!child.isAlive()) {
        throw new IOException("the journal's server did not start:\n" + child.said());
      }
      Thread.sleep(20);
      told = told();
    }
    port = Integer.parseInt(told.get());
    return journal("");
  }

  Journal journal(String password) {
    return Journal.of(new JournalSettings.H2Server("127.0.0.1", port), folder, password);
  }

  /** What a node should not be allowed to do. */
  void ddl(String password, String sql) throws SQLException {
    try (Connection connection = journal(password).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Optional<String> told() {
    return child.out().stream()
        .flatMap(line -> LISTENS.matcher(line).results())
        .map((MatchResult found) -> found.group(1))
        .findFirst();
  }

  @Override
  public void kill() throws InterruptedException {
    child.kill();
  }

  /** The exit status after SIGTERM. */
  int terminate() throws InterruptedException {
    child.terminate();
    return child.ended();
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
    }
  }
}
