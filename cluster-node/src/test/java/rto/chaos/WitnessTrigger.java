package rto.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.h2.api.Trigger;

/** Copies every event in the transaction that journals it: deleted later, it is still known. */
public final class WitnessTrigger implements Trigger {

  @Override
  public void fire(Connection connection, Object[] before, Object[] row) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into witness (at, id, number, writer, manifest, payload)"
                + " values (?, ?, ?, ?, ?, ?)")) {
      insert.setLong(1, System.currentTimeMillis());
      // persistence_id, sequence_number, writer, event_ser_manifest, event_payload
      insert.setObject(2, row[2]);
      insert.setObject(3, row[3]);
      insert.setObject(4, row[4]);
      insert.setObject(5, row[9]);
      insert.setObject(6, row[7]);
      insert.executeUpdate();
    }
  }
}
