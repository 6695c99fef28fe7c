package rto.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback for nodes that are told theirs. They lie below those that the kernel hands out
 * unasked, and each fork of the tests has a range of its own.
 */
public final class FreePort {

  private static final int FIRST = 12_000;
  private static final int RANGE = 4_000;

  /** The build numbers its forks from 1. */
  private static final int FORK = Integer.getInteger("rto.fork", 0);

  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 31 % RANGE));

  private FreePort() {}

  /** One that nobody has at this moment, and that is not given again soon. */
  public static int next() {
    while (true) {
      int port = FIRST + FORK * RANGE + NEXT.getAndIncrement() % RANGE;
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
