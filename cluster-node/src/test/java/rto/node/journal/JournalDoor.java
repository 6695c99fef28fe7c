package rto.node.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** The way to a served journal for a test outside this package. */
public final class JournalDoor {

  private JournalDoor() {}

  /** As its owner, who may do more than the nodes; in the process that serves it. */
  public static Connection open(Path folder) throws SQLException {
    return H2Store.in(folder).open();
  }
}
