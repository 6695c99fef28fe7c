package rto.node.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds an append-only file that has outgrown what it holds.
 *
 * <pre>
 *   journal.mv.db ──SCRIPT──▶ journal-compact.sql ──RUNSCRIPT──▶ journal-compact.mv.db
 *        ▲                                                         │ same rows? fsync
 *        └───────────────────── rename, fsync of the folder ◀──────┘
 * </pre>
 *
 * A kill at any moment leaves the old file or the new one, both whole; what was half built beside
 * is deleted by the next attempt. The caller holds the folder: nobody else opens the file
 * meanwhile.
 *
 * @param smallest bytes on disk below which nothing is done
 */
record H2Compaction(H2Store store, long smallest) {

  private static final Logger log = LoggerFactory.getLogger(H2Compaction.class);

  /** So small a file is not worth a second of anybody's start. */
  private static final long LARGE = 64L << 20;

  /** A file that is this many times larger than its content is rebuilt. */
  private static final int BLOAT = 4;

  /** Of keys, numbers and indexes, beside the payload. */
  private static final long BYTES_PER_ROW = 512;

  /** What is done at each start. */
  static H2Compaction ofLarge(H2Store store) {
    return new H2Compaction(store, LARGE);
  }

  /** Returns the bytes on disk afterwards, if there was something to gain. */
  OptionalLong run() throws IOException, SQLException {
    Path old = store.onDisk();
    if (!Files.exists(old) || Files.size(old) < smallest) {
      return OptionalLong.empty();
    }
    long before = Files.size(old);
    H2Store beside = store.at(store.file().resolveSibling(Journal.NAME + "-compact"));
    Path script = store.file().resolveSibling(Journal.NAME + "-compact.sql");
    try (Connection source = store.open()) {
      Dialect.H2.createTables(source);
      if (before < BLOAT * content(source)) {
        return OptionalLong.empty();
      }
      Files.deleteIfExists(beside.onDisk());
      copy(source, beside, script);
      sync(beside.onDisk(), StandardOpenOption.WRITE);
      // While the old one is still locked.
      Files.move(beside.onDisk(), old, StandardCopyOption.ATOMIC_MOVE);
      sync(old.getParent(), StandardOpenOption.READ);
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(beside.onDisk());
    }
    long after = Files.size(old);
    log.info("{} compacted from {} to {} MiB", old, before >> 20, after >> 20);
    return OptionalLong.of(after);
  }

  private static void copy(Connection source, H2Store target, Path script)
      throws IOException, SQLException {
    execute(source, "script to '" + quoted(script) + "'");
    try (Connection bulk = target.openInBulk()) {
      execute(bulk, "runscript from '" + quoted(script) + "'");
      execute(bulk, "shutdown compact");
    }
    try (Connection copy = target.open()) {
      String wanted = Fingerprint.of(source);
      String got = Fingerprint.of(copy);
      if (!wanted.equals(got)) {
        throw new IOException(
            "compacted journal: %s (expected: %s, as in the file it was made of)"
                .formatted(got, wanted));
      }
    }
  }

  private static long content(Connection connection) throws SQLException {
    return BYTES_PER_ROW
        + one(connection, "\"event_journal\"", "\"event_payload\"")
        + one(connection, "\"snapshot\"", "\"snapshot_payload\"");
  }

  private static long one(Connection connection, String table, String payload) throws SQLException {
    String sum =
        "select coalesce(sum(octet_length(%s)), 0) + %s * count(*) from %s"
            .formatted(payload, BYTES_PER_ROW, table);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sum)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
