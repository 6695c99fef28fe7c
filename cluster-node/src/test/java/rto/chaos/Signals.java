package rto.chaos;

import com.sun.jna.Library;
import com.sun.jna.Native;
import rto.protocol.Require;

/** Signals to processes that this one owns, and to itself. */
final class Signals {

  static final int KILL = 9;
  static final int TERMINATE = 15;
  static final int CONTINUE = 18;
  static final int STOP = 19;

  private static final LibC LIBC = Native.load("c", LibC.class);

  /** The one function of the C library. */
  public interface LibC extends Library {
    int kill(int pid, int signal);
  }

  private Signals() {}

  /** True if the process was there. */
  static boolean send(long pid, int signal) {
    Require.that(pid > 1, "pid: %s (expected: of a child)", pid);
    return LIBC.kill((int) pid, signal) == 0;
  }

  /** As {@code kill -9} from outside: nothing of this process happens after it. */
  static void killThisProcess() {
    send(ProcessHandle.current().pid(), KILL);
    while (true) {
      Thread.onSpinWait();
    }
  }
}
