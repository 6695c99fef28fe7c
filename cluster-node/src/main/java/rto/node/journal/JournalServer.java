package rto.node.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.engine.SysProperties;
import org.h2.tools.Server;
import rto.protocol.Require;

/**
 * An H2 journal that several processes of this machine write to: TCP, on loopback alone.
 *
 * <p>The server keeps a connection of its own, so the settings of {@link H2Store} hold whoever
 * comes first, and the file is closed when the last node has gone. Nodes come as a user who may
 * read and write rows and nothing else.
 */
public final class JournalServer implements AutoCloseable {

  static final String USER = "rto";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String BIND = "h2.bindAddress";

  private final Server server;
  private final Connection own;

  private JournalServer(Server server, Connection own) {
    this.server = server;
    this.own = own;
  }

  /**
   * Makes the journal in this folder if there is none, compacts it if need be, and serves it. The
   * caller holds the folder.
   *
   * @param port 0 takes a free one
   * @param password what nodes must say
   * @throws IllegalStateException if the journal or the port cannot be had
   */
  public static JournalServer start(Path folder, int port, String password) {
    bindToLoopback();
    H2Store store = H2Store.in(folder);
    store.prepare();
    try {
      Connection own = store.open();
      try {
        admit(own, password);
        return new JournalServer(listen(folder, port), own);
      } catch (SQLException e) {
        own.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "journal: " + folder + " cannot be served: " + e.getMessage(), e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  /** Ends all connections and closes the file. */
  @Override
  public void close() throws SQLException {
    server.stop();
    own.close();
  }

  private static Server listen(Path folder, int port) throws SQLException {
    return Server.createTcpServer(
            "-tcpPort",
            Integer.toString(port),
            "-baseDir",
            folder.toAbsolutePath().toString(),
            "-ifExists",
            "-tcpDaemon")
        .start();
  }

  /** H2 reads the property once; where that is over, it must have been read with this value. */
  private static void bindToLoopback() {
    System.setProperty(BIND, LOOPBACK);
    Require.that(
        LOOPBACK.equals(SysProperties.BIND_ADDRESS),
        "%s: %s (expected: %s, before H2 is used)",
        BIND,
        SysProperties.BIND_ADDRESS,
        LOOPBACK);
  }

  private static void admit(Connection admin, String password) throws SQLException {
    try (Statement statement = admin.createStatement()) {
      statement.execute("create user if not exists " + USER + " password ''");
      statement.execute("grant select, insert, update, delete on schema public to " + USER);
    }
    try (PreparedStatement change =
        admin.prepareStatement("alter user " + USER + " set password ?")) {
      change.setString(1, password);
      change.execute();
    }
  }
}
