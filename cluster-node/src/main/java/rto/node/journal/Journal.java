package rto.node.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A journal's database: how it is reached, and what Akka Persistence must know of it.
 *
 * <table>
 *   <caption>What holds acknowledged events when a process is killed</caption>
 *   <tr><td>h2-file, h2-server</td><td>WRITE_DELAY=0, see {@link H2Store}</td></tr>
 *   <tr><td>postgres</td><td>fsync, which is asked for before the first event, and
 *       synchronous_commit, which every connection sets</td></tr>
 * </table>
 */
public final class Journal {

  /** The environment variable that holds the password of h2-server and postgres. */
  public static final String PASSWORD = "RTO_JOURNAL_PASSWORD";

  /** Where {@link #slick} belongs in Akka's settings. */
  public static final String SLICK = "akka-persistence-jdbc.shared-databases.slick";

  private static final int ANSWER_SECONDS = 2;

  /** The database's name in the folder of a node or of a server. */
  static final String NAME = "journal";

  private final String url;
  private final String user;
  private final String password;
  private final Dialect dialect;
  private final Optional<H2Store> own;

  private Journal(
      String url, String user, String password, Dialect dialect, Optional<H2Store> own) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.dialect = dialect;
    this.own = own;
  }

  /**
   * @param folder the node's own, where h2-file lies
   */
  public static Journal of(JournalSettings settings, Path folder) {
    return of(settings, folder, password());
  }

  static Journal of(JournalSettings settings, Path folder, String password) {
    if (settings instanceof JournalSettings.H2Server server) {
      String host = server.host().contains(":") ? "[" + server.host() + "]" : server.host();
      String url = "jdbc:h2:tcp://" + host + ":" + server.port() + "/" + NAME;
      return new Journal(url, JournalServer.USER, password, Dialect.H2, Optional.empty());
    }
    if (settings instanceof JournalSettings.Postgres pg) {
      return new Journal(pg.url(), pg.user(), password, Dialect.POSTGRES, Optional.empty());
    }
    H2Store store = H2Store.in(folder);
    return new Journal(store.url(), store.user(), store.password(), Dialect.H2, Optional.of(store));
  }

  /** What the environment says; empty without it. */
  public static String password() {
    return System.getenv().getOrDefault(PASSWORD, "");
  }

  /** Makes what is missing of the database's tables. */
  public void create() {
    if (own.isPresent()) {
      own.get().prepare();
      return;
    }
    try (Connection connection = connect()) {
      dialect.createTables(connection);
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  /**
   * To be called before the first event, while the node's folder is held: makes a file's tables and
   * compacts it, and checks of a server that it is there, has tables and keeps what it
   * acknowledges.
   *
   * @throws IllegalStateException naming the journal and what is wrong with it
   */
  public Journal ready() {
    if (own.isPresent()) {
      own.get().prepare();
      return this;
    }
    try (Connection connection = connect()) {
      if (!dialect.hasTables(connection)) {
        throw new IllegalStateException(
            this + " has no tables (expected: those that rto journal create makes)");
      }
      dialect.loss(connection).ifPresent(this::refuse);
      return this;
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  /**
   * Asks a server whether it is there, within seconds; a file in this process needs no asking.
   *
   * @throws IllegalStateException if it cannot be reached
   */
  public void check() {
    if (own.isPresent()) {
      return;
    }
    Properties properties = new Properties();
    properties.putAll(dialect.hurry());
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      if (!connection.isValid(ANSWER_SECONDS)) {
        throw new IllegalStateException(this + " does not answer");
      }
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  /** The keys under {@link #SLICK} that depend on the choice, the password among them. */
  public Map<String, Object> slick() {
    Map<String, Object> settings = new HashMap<>(dialect.slick());
    settings.put("db.url", url);
    settings.put("db.user", user);
    settings.put("db.password", password);
    return settings;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  private void refuse(String loss) {
    throw new IllegalStateException(this + ": " + loss);
  }

  private IllegalStateException unusable(SQLException e) {
    return new IllegalStateException(this + " cannot be used: " + e.getMessage(), e);
  }

  /** For people; shows no password. */
  @Override
  public String toString() {
    return "journal: " + own.map(store -> store.file().toString()).orElse(url);
  }
}
