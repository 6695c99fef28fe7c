package rto.node.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** What differs between the databases that can hold a journal. */
enum Dialect {
  H2("h2/h2-create-schema.sql", Map.of(), Map.of()),

  /**
   * A connection that hears nothing for half a minute is given up; without that limit one to a
   * machine that vanished would wait for ever.
   */
  POSTGRES(
      "postgres/postgres-create-schema.sql",
      Map.of(
          "profile", "slick.jdbc.PostgresProfile$",
          "db.driver", "org.postgresql.Driver",
          "db.connectionInitSql", "SET synchronous_commit TO ON",
          "db.properties.socketTimeout", "30",
          "db.properties.tcpKeepAlive", "true",
          "db.properties.ApplicationName", "rto"),
      Map.of("connectTimeout", "2", "loginTimeout", "2", "socketTimeout", "2"));

  /** The last thing that a schema makes: a kill in its middle is repaired by the next attempt. */
  private static final String LAST = "state_global_offset_idx";

  /** Two nodes that create the tables of one database at once take turns at this number. */
  private static final long TURN = 0x52544f;

  private final String schema;
  private final Map<String, Object> slick;
  private final Map<String, String> hurry;

  Dialect(String schema, Map<String, Object> slick, Map<String, String> hurry) {
    this.schema = "/schema/" + schema;
    this.slick = slick;
    this.hurry = hurry;
  }

  /** Of a connection that is given up after seconds; an H2 server is on this machine's loopback. */
  Map<String, String> hurry() {
    return hurry;
  }

  Map<String, Object> slick() {
    return slick;
  }

  boolean hasTables(Connection connection) throws SQLException {
    String schema = this == POSTGRES ? "public" : null;
    try (ResultSet indexes =
        connection.getMetaData().getIndexInfo(null, schema, "durable_state", false, false)) {
      while (indexes.next()) {
        if (LAST.equals(indexes.getString("INDEX_NAME"))) {
          return true;
        }
      }
      return false;
    }
  }

  /** All or nothing in PostgreSQL; a second call makes nothing twice. */
  void createTables(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (this == POSTGRES) {
        statement.execute("select pg_advisory_xact_lock(" + TURN + ")");
      }
      if (!hasTables(connection)) {
        statement.execute(repeatable());
      }
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Why the server might lose what it has acknowledged. */
  Optional<String> loss(Connection connection) throws SQLException {
    if (this == H2) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement();
        ResultSet fsync = statement.executeQuery("show fsync")) {
      fsync.next();
      return fsync.getString(1).equals("on")
          ? Optional.empty()
          : Optional.of("the server's fsync is off (expected: on; it may lose what it has kept)");
    }
  }

  /**
   * akka-persistence-jdbc's schema, with the statements that fail when they are run twice, or
   * inside a transaction, made repeatable.
   */
  private String repeatable() {
    try (InputStream in = Dialect.class.getResourceAsStream(schema)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replaceAll(
              "CREATE (UNIQUE )?INDEX (CONCURRENTLY )?(?!IF NOT)", "CREATE $1INDEX IF NOT EXISTS ");
    } catch (IOException e) {
      throw new UncheckedIOException("journal: " + schema + " cannot be read", e);
    }
  }
}
