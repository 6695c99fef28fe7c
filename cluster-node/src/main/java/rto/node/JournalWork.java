package rto.node;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rto.node.cli.Operations;
import rto.node.journal.Journal;
import rto.node.journal.JournalServer;

/** What {@code rto journal} does. */
final class JournalWork {

  private static final Logger log = LoggerFactory.getLogger(JournalWork.class);

  private JournalWork() {}

  static void create(Operations.JournalCreate options, PrintStream out) throws Exception {
    var settings = JournalFile.load(options.config(), options.overrides());
    Journal journal = Journal.of(settings, options.folder());
    journal.create();
    journal.ready();
    out.println(journal + " is ready");
  }

  /** Returns when the JVM is told to end: a shutdown hook closes the file. */
  static void serve(Operations.JournalServe options, PrintStream out) throws Exception {
    Files.createDirectories(options.folder());
    String password = Journal.password();
    if (password.isEmpty()) {
      log.warn("{} is not set: everybody on this machine can read the journal", Journal.PASSWORD);
    }
    FolderLock.holding(
        options.folder(),
        () -> {
          JournalServer server = JournalServer.start(options.folder(), options.port(), password);
          Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "journal-stop"));
          out.println("journal: 127.0.0.1:" + server.port() + " serves " + options.folder());
          new CountDownLatch(1).await();
        });
  }

  private static void close(JournalServer server) {
    try {
      server.close();
    } catch (Exception e) {
      log.error("the journal was not closed; its next start repairs it", e);
    }
  }
}
