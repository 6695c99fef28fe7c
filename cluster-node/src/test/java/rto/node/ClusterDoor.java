package rto.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import rto.node.cluster.ClusterClient;
import rto.node.journal.Journal;
import rto.node.journal.JournalDoor;
import rto.node.journal.JournalServer;
import rto.node.journal.Secret;
import rto.node.settings.Settings;

/** What a test outside this package needs to run a cluster: as {@link ClusterProgram} does it. */
public final class ClusterDoor {

  private ClusterDoor() {}

  /**
   * The journal of a cluster of processes, served by this process.
   *
   * @param connection of its owner
   * @param password that nodes must say
   */
  public record Served(JournalServer server, Connection connection, String password)
      implements AutoCloseable {

    /** Settings of nodes. */
    public List<String> settings() {
      return List.of("journal.type=h2-server", "journal.port=" + server.port());
    }

    /** Their environment. */
    public Map<String, String> environment() {
      return Map.of(Journal.PASSWORD, password);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
      server.close();
    }
  }

  public static ClusterClient client(List<String> nodes) {
    return new ClusterClient(NodeConfig.SYSTEM, nodes, NodeConfig.ofClient(TlsSettings.OFF));
  }

  /** The run's settings as a desk takes them. */
  public static String config(Path file, List<String> overrides) {
    return Settings.render(RunFile.load(file, overrides).identity());
  }

  /** Serves the journal in the folder, and opens it here as well. */
  public static Served journal(Path folder) throws SQLException {
    String password = Secret.draw();
    JournalServer server = JournalServer.start(folder, 0, password);
    return new Served(server, JournalDoor.open(folder), password);
  }

  /** Where the journal of a run of one process lies; there once its policy stage has begun. */
  public static boolean hasJournal(Path folder) {
    return Files.exists(folder.resolve("journal.mv.db"));
  }
}
