package rto.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The run's journal: one H2 file in its folder.
 *
 * <p>WRITE_DELAY=0, for with its default H2 loses acknowledged writes at kill -9. H2 does not close
 * the file when the JVM ends: Akka does, after its last write.
 */
record Journal(Path file) {

  /** H2's code for a file that another process has open. */
  private static final int DATABASE_ALREADY_OPEN = 90020;

  /**
   * Nothing that is on disk is moved or written over. H2's compaction when the last connection
   * closes, after a start that found the file of a killed process, left files that could not be
   * opened again: 14 of 45 in a trial, none of 45 with these settings. The price is that the file
   * only grows.
   */
  private static final String APPEND_ONLY =
      ";REUSE_SPACE=FALSE;AUTO_COMPACT_FILL_RATE=0;MAX_COMPACT_TIME=0";

  /** What every connection must say, whichever way it comes. */
  static final String SETTINGS = ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE" + APPEND_ONLY;

  private static final String SCHEMA = "/schema/h2/h2-create-schema.sql";

  /**
   * The journal of the run in this folder, made if there is none.
   *
   * @throws IllegalStateException if another process has it open, or if it cannot be read
   */
  static Journal in(Path folder) {
    var journal = new Journal(folder.toAbsolutePath().resolve("journal"));
    try {
      Files.createDirectories(folder);
      journal.createTables();
    } catch (IOException e) {
      throw new UncheckedIOException("journal: " + folder + " cannot be made", e);
    } catch (SQLException e) {
      throw new IllegalStateException(journal.problem(e), e);
    }
    return journal;
  }

  String url() {
    return "jdbc:h2:file:" + file + SETTINGS;
  }

  private void createTables() throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      if (!hasTables(connection)) {
        statement.execute(schema());
      }
    }
  }

  private static boolean hasTables(Connection connection) throws SQLException {
    // The last thing that the schema makes: a kill in its middle is repaired by the next start.
    try (var indexes =
        connection.getMetaData().getIndexInfo(null, null, "durable_state", false, false)) {
      while (indexes.next()) {
        if ("state_global_offset_idx".equals(indexes.getString("INDEX_NAME"))) {
          return true;
        }
      }
      return false;
    }
  }

  private static String schema() throws IOException {
    try (InputStream in = Journal.class.getResourceAsStream(SCHEMA)) {
      // The one statement of akka-persistence-jdbc's schema that cannot be run twice.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("CREATE UNIQUE INDEX \"", "CREATE UNIQUE INDEX IF NOT EXISTS \"");
    }
  }

  private String problem(SQLException e) {
    return e.getErrorCode() == DATABASE_ALREADY_OPEN
        ? "journal: "
            + file
            + " is open in another process (expected: one process per run; wait"
            + " for it or stop it)"
        : "journal: " + file + " cannot be opened: " + e.getMessage();
  }
}
