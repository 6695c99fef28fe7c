package rto.node;

import java.io.IOException;

/** Ends this process at once when standard input does: when the process that started it dies. */
final class WithParent {

  private static final int STATUS = 9;

  private WithParent() {}

  static void guard() {
    Thread guard = new Thread(WithParent::haltWithStdin, "guard");
    guard.setDaemon(true);
    guard.start();
  }

  private static void haltWithStdin() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException broken) {
      // as good as its end
    }
    Runtime.getRuntime().halt(STATUS);
  }
}
