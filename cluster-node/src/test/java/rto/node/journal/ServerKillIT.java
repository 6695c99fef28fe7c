package rto.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.Child;

/** Journals that live in a process of their own: kill it, and nothing acknowledged is lost. */
class ServerKillIT {

  private static final int KILLS = 3;
  private static final int SIGTERM = 128 + 15;
  private static final int ACKNOWLEDGED_BEFORE_A_KILL = 100;

  @TempDir private Path folder;

  @Test
  void killedH2ServerHasAllThatItAcknowledged() throws Exception {
    survives(new ServedH2(folder));
  }

  @Test
  void killedPostgresHasAllThatItAcknowledged() throws Exception {
    survives(new CarelessPostgres(Postgres.create(installed())));
  }

  @Test
  void postgresThatDoesNotKeepWhatItAcknowledgesIsRefused() throws Exception {
    try (Postgres server = Postgres.create(installed())) {
      server.start("fsync=off");
      server.journal().create();
      assertThatThrownBy(() -> server.journal().ready())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("fsync is off (expected: on");
    }
  }

  @Test
  void postgresWithoutTablesIsRefusedAndTheyAreMadeOnce() throws Exception {
    try (Postgres server = Postgres.create(installed())) {
      server.start();
      assertThatThrownBy(() -> server.journal().ready())
          .hasMessageContaining("no tables (expected: those that rto journal create makes)");

      List<String> create =
          List.of(
              "journal",
              "create",
              "journal.type=postgres",
              "journal.url=" + server.settings().url(),
              "journal.user=" + server.settings().user());
      var password = Map.of(Journal.PASSWORD, Postgres.PASSWORD);
      try (Child first = Child.rto(create, password);
          Child second = Child.rto(create, password)) {
        assertThat(first.ended()).as(first.said()).isZero();
        assertThat(second.ended()).as(second.said()).isZero();
      }
      server.journal().ready();
      server.journal().check();

      try (Child stranger = Child.rto(create, Map.of())) {
        assertThat(stranger.ended()).isEqualTo(1);
        assertThat(stranger.err()).anyMatch(line -> line.contains("cannot be used"));
      }
    }
  }

  @Test
  void servedJournalEndsOnSigtermAndAsksForItsPassword() throws Exception {
    var password = Map.of(Journal.PASSWORD, "hush");
    try (ServedH2 server = new ServedH2(folder, password)) {
      server.start();
      assertThatThrownBy(() -> server.journal("guess").ready())
          .hasMessageContaining("Wrong user name or password");
      try (Appender appender = new Appender(server.journal("hush"))) {
        appender.append(5, number -> {});
      }
      assertThatThrownBy(() -> server.ddl("hush", "create alias x for \"java.lang.Math.abs\""))
          .hasMessageContaining("Admin rights");
      assertThat(server.terminate()).isEqualTo(SIGTERM);
      server.start();
      try (Appender appender = new Appender(server.journal("hush"))) {
        assertThat(appender.last()).isEqualTo(5);
      }
    }
  }

  private static void survives(Victim server) throws Exception {
    AtomicLong acknowledged = new AtomicLong();
    try (server) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (Appender appender = new Appender(server.start())) {
          assertThat(appender.last()).isGreaterThanOrEqualTo(acknowledged.get());
          CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED_BEFORE_A_KILL);
          var writing =
              CompletableFuture.runAsync(
                  () ->
                      appender.appendUntilItFails(
                          number -> {
                            acknowledged.set(number);
                            enough.countDown();
                          }));
          assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
          server.kill();
          writing.join();
        }
      }
      try (Appender appender = new Appender(server.start())) {
        assertThat(appender.last()).isGreaterThanOrEqualTo(acknowledged.get());
        appender.append(3, acknowledged::set);
      }
    }
    assertThat(acknowledged.get()).isGreaterThan(KILLS * ACKNOWLEDGED_BEFORE_A_KILL);
  }

  private static Path installed() throws IOException {
    var found = Postgres.installed();
    assumeTrue(
        found.isPresent(), "PostgreSQL is not installed (Debian: apt-get install postgresql)");
    return found.get();
  }
}
