package rto.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The network between the nodes: all connections to a node's address go through here, and stand
 * still while one of the two ends is cut off. Nothing is closed and nothing is lost: when the cut
 * is over, what was sent arrives.
 *
 * <pre>
 *   node a ──▶ address of b (a door here) ──pump──▶ where b really listens
 * </pre>
 */
final class Links implements AutoCloseable {

  /** Whoever connects and is no node: a client. */
  static final String OUTSIDE = "outside";

  private static final int BUFFER = 1 << 16;
  private static final long BETWEEN_LOOKS = 10;

  private final Supplier<Map<Long, String>> nodesByPid;
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
  private final CopyOnWriteArrayList<AutoCloseable> open = new CopyOnWriteArrayList<>();

  /**
   * @param nodesByPid who is there; connections of other processes are from {@link #OUTSIDE}
   */
  Links(Supplier<Map<Long, String>> nodesByPid) {
    this.nodesByPid = nodesByPid;
  }

  /** Opens a door at a node's address, for a node that listens at another port. */
  void open(String node, int address, int listens) throws IOException {
    var door = new ServerSocket(address, 50, InetAddress.getLoopbackAddress());
    open.add(door);
    start("door-" + node, () -> letIn(node, door, listens));
  }

  /** Nothing goes to or from that node until {@link #join}. */
  void cut(String node) {
    cutOff.add(node);
  }

  void join(String node) {
    cutOff.remove(node);
  }

  private void letIn(String node, ServerSocket door, int listens) {
    while (!door.isClosed()) {
      try {
        Socket caller = door.accept();
        start("call-" + node, () -> connect(node, caller, listens));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(String node, Socket caller, int listens) {
    String from = owner(caller);
    var callee = new Socket();
    try {
      callee.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listens));
      callee.setTcpNoDelay(true);
      caller.setTcpNoDelay(true);
    } catch (IOException nobodyThere) {
      close(caller);
      return;
    }
    open.add(caller);
    open.add(callee);
    start("pump-" + from + "-" + node, () -> pump(from, node, caller, callee));
    start("pump-" + node + "-" + from, () -> pump(node, from, callee, caller));
  }

  private String owner(Socket caller) {
    Map<Long, String> nodes = nodesByPid.get();
    try {
      return SocketOwners.find(caller.getPort(), caller.getLocalPort(), nodes.keySet())
          .map(nodes::get)
          .orElse(OUTSIDE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until one of the two is closed. */
  private void pump(String from, String to, Socket source, Socket sink) {
    byte[] bytes = new byte[BUFFER];
    try (source;
        sink) {
      InputStream in = source.getInputStream();
      OutputStream out = sink.getOutputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        awaitLink(from, to);
        out.write(bytes, 0, n);
      }
      // That it was closed does not arrive either.
      awaitLink(from, to);
    } catch (IOException | InterruptedException closed) {
      // the other pump sees it as well
    }
    open.remove(source);
    open.remove(sink);
  }

  private void awaitLink(String from, String to) throws InterruptedException {
    while (cutOff.contains(from) || cutOff.contains(to)) {
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(AutoCloseable what) {
    try {
      what.close();
    } catch (Exception already) {
      // it is not there any more, which is what was wanted
    }
  }

  @Override
  public void close() {
    cutOff.clear();
    open.forEach(Links::close);
  }
}
