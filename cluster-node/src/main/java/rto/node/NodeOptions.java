package rto.node;

import java.nio.file.Path;
import rto.node.journal.JournalSettings;
import rto.protocol.Require;

/**
 * What belongs to this node rather than to the run.
 *
 * @param folder the run's own
 * @param journal where what the run decides is kept
 * @param port where other nodes reach this one; 0 takes a free one
 * @param exitJvm whether the JVM ends with the run; a command that has a table to print says no
 */
public record NodeOptions(Path folder, JournalSettings journal, int port, boolean exitJvm) {

  public NodeOptions {
    Require.that(port >= 0 && port <= 65535, "port: %s (expected: in [0, 65535])", port);
  }

  /** All roles in this JVM, on a free port, with the journal in the folder. */
  public static NodeOptions oneJvm(Path folder) {
    return new NodeOptions(folder, new JournalSettings.H2File(), 0, false);
  }
}
