package rto.node;

import java.io.IOException;

/** The program, in a process that does not outlive the test that started it. */
public final class GuardedMain {

  private GuardedMain() {}

  /** Ends at once when standard input does: the pipe from the test breaks when the test dies. */
  public static void main(String[] args) {
    endWithParent();
    Main.main(args);
  }

  public static void endWithParent() {
    Thread guard = new Thread(GuardedMain::haltWithStdin, "guard");
    guard.setDaemon(true);
    guard.start();
  }

  private static void haltWithStdin() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException broken) {
      // as good as its end
    }
    Runtime.getRuntime().halt(9);
  }
}
