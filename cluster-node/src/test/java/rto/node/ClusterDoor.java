package rto.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import rto.node.cluster.ClusterClient;
import rto.node.settings.Settings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/** What a test outside this package needs to run a cluster: as {@link ClusterProgram} does it. */
public final class ClusterDoor {

  private ClusterDoor() {}

  /** The journal of a cluster of processes, served by this process. */
  public record Served(String url, Connection connection, Runnable server)
      implements AutoCloseable {

    @Override
    public void close() throws SQLException {
      connection.close();
      server.run();
    }
  }

  public static ClusterClient client(List<String> nodes) {
    return new ClusterClient(NodeConfig.SYSTEM, nodes, NodeConfig.ofClient());
  }

  /** The run's settings as a desk takes them. */
  public static String config(Path file, List<String> overrides) {
    return Settings.render(RunFile.load(file, overrides).identity());
  }

  /** Claims the folder for the run; then a journal may lie in it. */
  public static void claim(Path folder, Path file, List<String> overrides) throws Exception {
    RunSettings settings = RunFile.load(file, overrides);
    FolderClaim.holding(new RunFolder(folder), settings, () -> {});
  }

  /** Serves the journal in the folder, and opens it here as well. */
  public static Served journal(Path folder) throws SQLException {
    LocalJournal server = LocalJournal.in(folder);
    String file = "jdbc:h2:file:" + new Journal(folder.toAbsolutePath().resolve("journal")).file();
    return new Served(
        server.url(), DriverManager.getConnection(file + Journal.SETTINGS), server::close);
  }

  /** Where the journal of a run of one process lies; there once its policy stage has begun. */
  public static boolean hasJournal(Path folder) {
    return Files.exists(folder.resolve("journal.mv.db"));
  }

  /** Of an actor system that is in no cluster. */
  public static Config clientConfig() {
    return ConfigFactory.parseString("akka.remote.artery.canonical.port = 0")
        .withFallback(NodeConfig.ofClient());
  }
}
