package rto.node;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * What Ctrl-C and SIGTERM say: one line that the run goes on with the same command. Everything that
 * is worth keeping is on disk already, so there is nothing else to do.
 */
final class Interruption {

  private Interruption() {}

  /**
   * Does the work. If the JVM is told to end meanwhile, says so on {@code err}.
   *
   * @param how to go on
   */
  static void announcedOn(PrintStream err, String how, FolderClaim.Work work) throws Exception {
    Runnable announce = () -> err.printf("%nrto: interrupted; %s goes on with it%n", how);
    Thread hook = new Thread(announce, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      work.run();
    } finally {
      withdraw(hook);
    }
  }

  /** Does not return if the JVM ends: whatever broke off did so for this reason, which is told. */
  private static void withdraw(Thread hook) throws InterruptedException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException jvmEnds) {
      new CountDownLatch(1).await();
    }
  }
}
