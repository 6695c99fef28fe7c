package rto.node.journal;

import rto.protocol.Require;

/**
 * Which database holds the journal. No password here: it comes from the environment, see {@link
 * Journal#PASSWORD}, so that no file, command line or log shows it.
 */
public sealed interface JournalSettings {

  /** A file in the node's folder, for one process at a time. */
  record H2File() implements JournalSettings {}

  /**
   * A process of {@code rto journal serve}, for several processes on one machine.
   *
   * @param host an address of this machine's loopback: the server listens nowhere else
   */
  record H2Server(String host, int port) implements JournalSettings {

    public H2Server {
      Require.that(
          host.equals("localhost") || host.equals("::1") || host.startsWith("127."),
          "host: %s (expected: 127.0.0.1, localhost or ::1; postgres serves several machines)",
          host);
      Require.that(0 < port && port <= 65535, "port: %s (expected: in [1, 65535])", port);
    }
  }

  /**
   * A PostgreSQL database that belongs to one cluster.
   *
   * @param url as its driver takes it: {@code jdbc:postgresql://HOST:PORT/DATABASE}
   */
  record Postgres(String url, String user) implements JournalSettings {

    private static final String SCHEME = "jdbc:postgresql:";

    public Postgres {
      Require.that(
          !url.matches("(?i).*[?&](ssl)?password=.*"),
          "url: holds a password (expected: none; the environment's %s has it)",
          Journal.PASSWORD);
      Require.that(
          url.startsWith(SCHEME), "url: %s (expected: %s//HOST:PORT/DATABASE)", url, SCHEME);
    }
  }
}
