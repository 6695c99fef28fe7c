package rto.chaos;

import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import rto.chaos.invariant.Journalled;
import rto.protocol.RunEvent;
import rto.protocol.wire.ProtocolSerializer;

/** Reads everything that the journal ever took, in its order, also what was deleted since. */
final class Witness implements AutoCloseable {

  private final Connection connection;
  private final ActorSystem system =
      ActorSystem.create("witness", ConfigFactory.parseString("akka.log-dead-letters = off"));
  private final ProtocolSerializer serializer =
      new ProtocolSerializer((ExtendedActorSystem) system);
  private final List<Journalled> seen = new ArrayList<>();
  private long last = 0;

  /** A journal, served by this process, that nobody has written to yet. */
  Witness(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists witness (n bigint auto_increment primary key, at bigint,"
              + " id varchar, number bigint, writer varchar, manifest varchar, payload blob)");
      statement.execute(
          "create trigger if not exists witness_trigger after insert on \"event_journal\""
              + " for each row call '"
              + WitnessTrigger.class.getName()
              + "'");
    }
  }

  /** All of it so far. */
  synchronized List<Journalled> all() {
    try {
      read();
      return List.copyOf(seen);
    } catch (SQLException | NotSerializableException e) {
      throw new IllegalStateException("the journal's witness cannot be read", e);
    }
  }

  /** What the runs journalled. */
  List<Journalled> runs() {
    return all().stream().filter(one -> one.event() instanceof RunEvent).toList();
  }

  /** What of one kind was journalled so far. */
  <E> Stream<Journalled> of(Class<E> kind, Predicate<E> which) {
    return all().stream()
        .filter(one -> kind.isInstance(one.event()) && which.test(kind.cast(one.event())));
  }

  private void read() throws SQLException, NotSerializableException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select n, at, id, number, writer, manifest, payload from witness where n > ?"
                + " order by n")) {
      select.setLong(1, last);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Object event = serializer.fromBinary(rows.getBytes(7), rows.getString(6));
          seen.add(
              new Journalled(
                  rows.getLong(2), rows.getString(3), rows.getLong(4), rows.getString(5), event));
          last = rows.getLong(1);
        }
      }
    }
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
