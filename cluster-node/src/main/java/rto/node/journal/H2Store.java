package rto.node.journal;

import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A journal in an H2 file, opened by one process at a time.
 *
 * <p>WRITE_DELAY=0, for with its default H2 loses acknowledged writes at kill -9. H2 does not close
 * the file when the JVM ends: whoever opened it does, after the last write.
 *
 * <p>The owner has a password, also where one process has the file: so it can be served, too, and
 * nobody comes in as H2's administrator, who could run any Java code.
 *
 * @param file without H2's suffix
 */
record H2Store(Path file, String user, String password) {

  private static final String OWNER = "admin";

  /** H2's code for a file that another process has open. */
  private static final int DATABASE_ALREADY_OPEN = 90020;

  /**
   * Nothing that is on disk is moved or written over. H2's compaction when the last connection
   * closes, after a start that found the file of a killed process, left files that could not be
   * opened again: 14 of 45 in a trial, none of 45 with these settings. The price is that the file
   * only grows while it is open; {@link H2Compaction} takes care of it in between.
   */
  private static final String APPEND_ONLY =
      ";REUSE_SPACE=FALSE;AUTO_COMPACT_FILL_RATE=0;MAX_COMPACT_TIME=0";

  /**
   * The journal in this folder, with its password, which is drawn at first and never leaves it; the
   * caller holds the folder.
   */
  static H2Store in(Path folder) {
    try {
      Files.createDirectories(folder);
      return new H2Store(folder.toAbsolutePath().resolve(Journal.NAME), OWNER, secret(folder));
    } catch (IOException e) {
      throw new UncheckedIOException("journal: " + folder + " cannot be used", e);
    }
  }

  String url() {
    return "jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE" + APPEND_ONLY;
  }

  /** As H2 names it. */
  Path onDisk() {
    return file.resolveSibling(file.getFileName() + ".mv.db");
  }

  /** The same, at another place. */
  H2Store at(Path other) {
    return new H2Store(other, user, password);
  }

  Connection open() throws SQLException {
    return DriverManager.getConnection(url(), user, password);
  }

  /** Fast, and not safe from kill -9: for a file that is looked at again before it counts. */
  Connection openInBulk() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:file:" + file, user, password);
  }

  /**
   * Makes the file if there is none, and compacts it if it is far larger than what it holds.
   *
   * @throws IllegalStateException if another process has it open, or if it cannot be read
   */
  void prepare() {
    try {
      H2Compaction.ofLarge(this).run();
      try (Connection connection = open()) {
        Dialect.H2.createTables(connection);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("journal: " + file + " cannot be made", e);
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  private static String secret(Path folder) throws IOException {
    Path file = folder.resolve("journal.admin");
    if (!Files.exists(file)) {
      Path beside = Files.createTempFile(folder, "journal", ".new"); // for its owner alone
      Files.writeString(beside, Secret.draw(), WRITE, SYNC);
      Files.move(beside, file);
    }
    return Files.readString(file);
  }

  IllegalStateException unusable(SQLException e) {
    String problem =
        e.getErrorCode() == DATABASE_ALREADY_OPEN
            ? " is open in another process (expected: one process per run; wait for it or stop it)"
            : " cannot be opened: " + e.getMessage();
    return new IllegalStateException("journal: " + file + problem, e);
  }
}
