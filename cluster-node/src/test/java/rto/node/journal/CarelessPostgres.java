package rto.node.journal;

import java.io.IOException;

/** Would lose what it has acknowledged, if every connection of ours did not ask for better. */
record CarelessPostgres(Postgres server) implements Victim {

  @Override
  public Journal start() throws Exception {
    server.start("synchronous_commit=off", "wal_writer_delay=10s");
    server.journal().create();
    return server.journal();
  }

  @Override
  public void kill() throws InterruptedException {
    server.kill();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
