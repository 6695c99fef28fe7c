package rto.node.journal;

import java.io.IOException;

/** A database server that can be killed and started again. */
interface Victim extends AutoCloseable {

  /** Starts it where it was; its journal, with tables. */
  Journal start() throws Exception;

  /** As {@code kill -9}. */
  void kill() throws Exception;

  @Override
  void close() throws IOException;
}
