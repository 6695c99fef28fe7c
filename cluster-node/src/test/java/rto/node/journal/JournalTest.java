package rto.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir private Path folder;

  @Test
  void fileIsMadeOnceAndKeepsItsEvents() {
    Journal journal = Journal.of(new JournalSettings.H2File(), folder);
    journal.create();
    try (Appender appender = new Appender(journal)) {
      appender.append(3, number -> {});
    }
    journal.create();
    try (Appender appender = new Appender(journal)) {
      assertThat(appender.last()).isEqualTo(3);
    }
  }

  @Test
  void compactedFileIsSmallerHoldsTheSameAndGoesOn() throws Exception {
    Journal journal = Journal.of(new JournalSettings.H2File(), folder);
    H2Store store = H2Store.in(folder);
    try (Appender appender = new Appender(journal)) {
      appender.append(200, number -> {});
    }
    String before = fingerprint(store);
    long large = Files.size(store.onDisk());
    // Left behind by one that was killed.
    Files.writeString(folder.resolve("journal-compact.mv.db"), "half");

    long small = new H2Compaction(store, 1).run().orElseThrow();

    // 200 events of 2,000 bytes that do not compress; each commit had written some pages anew.
    assertThat(small).isEqualTo(Files.size(store.onDisk())).isBetween(400_000L, large / 2);
    assertThat(fingerprint(store)).isEqualTo(before);
    assertThat(folder).isDirectoryNotContaining("glob:**compact*");
    try (Appender appender = new Appender(journal)) {
      assertThat(appender.last()).isEqualTo(200);
      appender.append(2, number -> {});
    }
    assertThat(new H2Compaction(store, 1).run()).isEmpty();
  }

  @Test
  void smallFileIsLeftAlone() throws Exception {
    H2Store store = H2Store.in(folder);
    store.prepare();
    assertThat(H2Compaction.ofLarge(store).run()).isEmpty();
  }

  @Test
  void serverThatSaysNothingIsGivenUpWithinSeconds() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/rto";
      Journal journal = Journal.of(new JournalSettings.Postgres(url, "rto"), folder, "hush");
      // Two seconds for the connection, and what a busy machine takes.
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () ->
              assertThatThrownBy(journal::check)
                  .hasMessageStartingWith("journal: " + url + " cannot be used: ")
                  .hasMessageNotContaining("hush"));
    }
  }

  @Test
  void messagesShowNoPassword() {
    var settings = new JournalSettings.Postgres("jdbc:postgresql://127.0.0.1:1/rto", "rto");
    assertThatThrownBy(() -> Journal.of(settings, folder, "hush").ready())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("journal: jdbc:postgresql://127.0.0.1:1/rto cannot be used: ")
        .hasMessageNotContaining("hush");
  }

  @Test
  void passwordInTheAddressIsRefusedUnseen() {
    assertThatThrownBy(
            () -> new JournalSettings.Postgres("jdbc:postgresql://db/rto?password=hush", "rto"))
        .hasMessage(
            "url: holds a password (expected: none; the environment's RTO_JOURNAL_PASSWORD has it)");
  }

  @Test
  void servedJournalIsOnThisMachine() {
    assertThatThrownBy(() -> new JournalSettings.H2Server("10.0.0.1", 9123))
        .hasMessageContaining("host: 10.0.0.1 (expected: 127.0.0.1, localhost or ::1;");
  }

  private static String fingerprint(H2Store store) throws Exception {
    try (Connection connection = store.open()) {
      return Fingerprint.of(connection);
    }
  }
}
