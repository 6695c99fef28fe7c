package rto.node;

import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.tools.Server;

/**
 * The journal of a run whose learners are several processes of this machine: an H2 server in this
 * process, on loopback, for the same file that a run of one process has.
 */
final class LocalJournal implements AutoCloseable {

  private static final String BIND = "h2.bindAddress";

  private final Server server;
  private final String url;

  private LocalJournal(Server server, String url) {
    this.server = server;
    this.url = url;
  }

  /**
   * Serves the journal in this folder, made if there is none.
   *
   * @throws IllegalStateException if another process has it open
   */
  static LocalJournal in(Path folder) throws SQLException {
    Journal journal = Journal.in(folder);
    System.setProperty(BIND, "127.0.0.1");
    String base = folder.toAbsolutePath().toString();
    Server server = Server.createTcpServer("-tcpPort", "0", "-tcpDaemon", "-baseDir", base).start();
    String name = journal.file().getFileName().toString();
    String address = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./" + name;
    return new LocalJournal(server, address + Journal.SETTINGS);
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    server.stop();
  }
}
