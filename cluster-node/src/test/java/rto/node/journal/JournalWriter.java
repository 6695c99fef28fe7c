package rto.node.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import rto.node.GuardedMain;

/**
 * A process that writes to a journal until it is killed: opens it as a run does, prints {@code
 * START n} with the last number found, then each number once it is acknowledged.
 */
final class JournalWriter {

  private static final int BYTES = 16_000;
  private static final int KEPT = 80;

  private JournalWriter() {}

  public static void main(String[] args) throws Exception {
    GuardedMain.endWithParent();
    Path folder = Path.of(args[0]);
    H2Store store = H2Store.in(folder);
    for (int i = 0; i < 4; i++) {
      store.prepare();
    }
    try (Connection connection = store.open()) {
      connection
          .createStatement()
          .execute("create table if not exists numbers(id bigint primary key, b blob)");
      long last = last(connection);
      System.out.println("START " + last);
      write(connection, last);
    }
  }

  private static long last(Connection connection) throws SQLException {
    try (ResultSet max =
        connection.createStatement().executeQuery("select coalesce(max(id), 0) from numbers")) {
      max.next();
      return max.getLong(1);
    }
  }

  private static void write(Connection connection, long from) throws SQLException {
    PreparedStatement insert = connection.prepareStatement("insert into numbers values(?, ?)");
    PreparedStatement delete = connection.prepareStatement("delete from numbers where id < ?");
    for (long id = from + 1; ; id++) {
      insert.setLong(1, id);
      insert.setBytes(2, new byte[BYTES]);
      insert.executeUpdate();
      System.out.println(id);
      if (id % KEPT == 0) {
        delete.setLong(1, id - KEPT);
        delete.executeUpdate();
      }
    }
  }
}
