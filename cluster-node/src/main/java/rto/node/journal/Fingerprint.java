package rto.node.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 over every row of an H2 journal, in the order of its keys: equal for equal journals. */
final class Fingerprint {

  /** Tables and what orders their rows. */
  private static final Map<String, String> TABLES =
      new TreeMap<>(
          Map.of(
              "event_journal", "\"ordering\"",
              "event_tag", "\"event_id\", \"tag\"",
              "snapshot", "\"persistence_id\", \"sequence_number\"",
              "durable_state", "\"persistence_id\""));

  private Fingerprint() {}

  static String of(Connection connection) throws SQLException, IOException {
    MessageDigest digest = sha256();
    for (Map.Entry<String, String> table : TABLES.entrySet()) {
      String rows = "select * from \"%s\" order by %s".formatted(table.getKey(), table.getValue());
      add(digest, table.getKey());
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(rows)) {
        while (row.next()) {
          addRow(digest, row);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void addRow(MessageDigest digest, ResultSet row) throws SQLException, IOException {
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      if (row.getMetaData().getColumnTypeName(i).equals("BINARY LARGE OBJECT")) {
        add(digest, row.getBinaryStream(i));
      } else {
        add(digest, row.getString(i));
      }
    }
  }

  /** With its length, so that no two neighbours read as one. */
  private static void add(MessageDigest digest, String value) {
    byte[] bytes = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static void add(MessageDigest digest, InputStream value) throws IOException {
    if (value == null) {
      add(digest, (String) null);
      return;
    }
    try (value) {
      OutputStream into = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
      add(digest, "blob of " + value.transferTo(into));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
