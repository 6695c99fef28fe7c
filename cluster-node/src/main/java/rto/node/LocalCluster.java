package rto.node;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A cluster of processes on this machine, each with one role, on loopback. A process that dies is
 * started again under its old address, a learner that another one stands in for a moment later; one
 * that was drained (status 0) is not.
 */
final class LocalCluster implements AutoCloseable {

  private static final Duration TOO_SOON = Duration.ofSeconds(5);
  private static final int TOO_OFTEN = 5;

  /** For the learner that takes over: a JVM that starts would take the cores from it. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  private final List<String> common;
  private final Map<String, String> environment;
  private final PrintStream err;
  private final Consumer<String> onDeath;
  private final Map<String, NodeRole> roles = new LinkedHashMap<>();
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final Map<String, NodeProcess> alive = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> broken = new CompletableFuture<>();
  private boolean closing = false;

  /**
   * @param counts how many nodes of each role
   * @param common arguments of all nodes
   * @param environment what all nodes have in theirs beside what this process has
   * @param onDeath is told the address of a node whose process died
   */
  LocalCluster(
      Map<NodeRole, Integer> counts,
      List<String> common,
      Map<String, String> environment,
      PrintStream err,
      Consumer<String> onDeath) {
    this.common = List.copyOf(common);
    this.environment = Map.copyOf(environment);
    this.err = err;
    this.onDeath = onDeath;
    counts.forEach(this::plan);
  }

  /** The addresses of all nodes, learners' first. */
  List<String> addresses() {
    return List.copyOf(addresses.values());
  }

  /** Fails when a node dies again and again; never completes otherwise. */
  CompletableFuture<Void> broken() {
    return broken;
  }

  /** Starts all nodes: the first one begins the cluster at once, the others look for it. */
  void start() {
    String first = addresses().get(0);
    roles.keySet().forEach(name -> supervise(name, List.of(first), 0));
  }

  private void plan(NodeRole role, int count) {
    for (int i = 0; i < count; i++) {
      String name = role.id() + "-" + i;
      roles.put(name, role);
      addresses.put(name, "127.0.0.1:" + freePort());
    }
  }

  private synchronized void supervise(String name, List<String> join, int quickDeaths) {
    if (closing) {
      return;
    }
    NodeProcess node = launch(name, join);
    alive.put(name, node);
    Instant started = Instant.now();
    Thread thread =
        new Thread(() -> afterEnd(name, node, started, quickDeaths), "supervisor-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private NodeProcess launch(String name, List<String> join) {
    try {
      String address = addresses.get(name);
      String port = address.substring(address.indexOf(':') + 1);
      List<String> own =
          List.of(
              "--roles", roles.get(name).id(), "--port", port, "--join", String.join(",", join));
      NodeProcess node =
          NodeProcess.start(
              name, Stream.concat(own.stream(), common.stream()).toList(), environment, err);
      err.printf("rto: %s started: pid %d, %s%n", name, node.pid(), address);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void afterEnd(String name, NodeProcess node, Instant started, int quickDeaths) {
    try {
      int status = node.ended();
      alive.remove(name);
      if (isClosing()) {
        return;
      }
      if (status == 0) {
        err.printf("rto: %s left%n", name);
        return;
      }
      err.printf("rto: %s died with status %d%n", name, status);
      boolean soon = Instant.now().isBefore(started.plus(TOO_SOON));
      int deaths = soon ? quickDeaths + 1 : 0;
      if (deaths >= TOO_OFTEN) {
        throw new IllegalStateException(name + " died " + deaths + " times in a row");
      }
      onDeath.accept(addresses.get(name));
      if (isStoodInFor(name)) {
        Thread.sleep(HEAD_START.toMillis());
      }
      supervise(name, allWithFirst(), deaths);
    } catch (InterruptedException | RuntimeException failure) {
      broken.completeExceptionally(failure);
    }
  }

  private boolean isStoodInFor(String name) {
    return roles.get(name) == NodeRole.LEARNER
        && alive.keySet().stream().anyMatch(other -> roles.get(other) == NodeRole.LEARNER);
  }

  /** The same first one for all: it alone may begin a cluster, if no other answers. */
  private List<String> allWithFirst() {
    return new ArrayList<>(addresses.values());
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  /** Nothing that was confirmed needs a farewell: the processes are killed. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    alive.values().forEach(NodeProcess::kill);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
