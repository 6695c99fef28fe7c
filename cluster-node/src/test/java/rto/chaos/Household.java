package rto.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rto.node.FreePort;

/**
 * The nodes of a cluster, one role each, as a supervisor keeps them: who dies is started again
 * under its old address, at once or, if it is a learner that another one stands in for, a moment
 * later; nothing else helps.
 */
final class Household implements AutoCloseable {

  /** As {@code rto local} has it: the learner that takes over has the cores for itself. */
  private static final int HEAD_START_MILLIS = 2000;

  /** How long a learner has heard from the cluster's desk when it has prepared what is on. */
  private static final int PREPARED_MILLIS = 5000;

  /** A process is gone. */
  record Death(long millis, Victim victim, int status) {}

  private final Path folder;
  private final List<String> common;
  private final Map<String, String> environment;
  private final List<String> flags;
  private final Consumer<String> onDeath;
  private final Map<String, String> addresses = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Victim> present = new ConcurrentHashMap<>();
  private final List<Victim> lives = new CopyOnWriteArrayList<>();
  private final List<Death> deaths = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> listens = new ConcurrentHashMap<>();
  private final Optional<Links> links;
  private final Set<String> leaving = ConcurrentHashMap.newKeySet();
  private boolean closing = false;

  /**
   * @param folder of logs
   * @param counts how many nodes of each role
   * @param common arguments of all nodes
   * @param environment of all nodes
   * @param flags of all nodes' JVMs
   * @param withLinks whether nodes can be cut off
   * @param onDeath is told the address of who died
   */
  Household(
      Path folder,
      Map<String, Integer> counts,
      List<String> common,
      Map<String, String> environment,
      List<String> flags,
      boolean withLinks,
      Consumer<String> onDeath) {
    this.folder = folder;
    this.links = withLinks ? Optional.of(new Links(this::byPid)) : Optional.empty();
    this.common = List.copyOf(common);
    this.environment = Map.copyOf(environment);
    this.flags = List.copyOf(flags);
    this.onDeath = onDeath;
    counts.forEach((role, count) -> plan(role, count));
  }

  List<String> addresses() {
    return List.copyOf(addresses.values());
  }

  String address(String name) {
    return addresses.get(name);
  }

  /** Names of a role's nodes, in order; each is {@code role-i}. */
  List<String> names(String role) {
    return addresses.keySet().stream().filter(name -> roleOf(name).equals(role)).toList();
  }

  List<String> names() {
    return List.copyOf(addresses.keySet());
  }

  static String roleOf(String name) {
    return name.substring(0, name.lastIndexOf('-'));
  }

  static boolean isLearner(String name) {
    return roleOf(name).equals("learner");
  }

  /** The present life of a node. */
  Victim victim(String name) {
    return present.get(name);
  }

  List<Victim> present() {
    return List.copyOf(present.values());
  }

  List<Victim> lives() {
    return List.copyOf(lives);
  }

  List<Death> deaths() {
    return List.copyOf(deaths);
  }

  /** The network between the nodes; without it nobody can be cut off. */
  Links links() {
    return links.orElseThrow();
  }

  private Map<Long, String> byPid() {
    return present.values().stream().collect(Collectors.toMap(Victim::pid, Victim::name));
  }

  /** Whose process journalled first most lately: the brain's node. */
  Optional<Victim> brain() {
    return present.values().stream()
        .filter(victim -> victim.first(TrapPoint.BEFORE_WRITE).isPresent())
        .max(
            (one, other) ->
                Long.compare(
                    one.first(TrapPoint.BEFORE_WRITE).get().millis(),
                    other.first(TrapPoint.BEFORE_WRITE).get().millis()));
  }

  /** A learner without the brain that had the time to prepare the run. */
  Optional<Victim> standsBy() {
    long since = System.currentTimeMillis() - PREPARED_MILLIS;
    return present.values().stream()
        .filter(victim -> isLearner(victim.name()))
        .filter(victim -> victim.first(TrapPoint.BEFORE_WRITE).isEmpty())
        .filter(
            victim ->
                victim.first(TrapPoint.DESK_HEARD).filter(it -> it.millis() < since).isPresent())
        .findFirst();
  }

  /** The first one begins a cluster, the others look for it. */
  void start() throws IOException {
    Files.createDirectories(folder);
    for (String name : names()) {
      openLink(name);
    }
    List<String> first = List.of(addresses().get(0));
    for (String name : names()) {
      start(name, first);
    }
  }

  /** One node more, which finds the others. */
  void join(String name) throws IOException {
    addresses.put(name, "127.0.0.1:" + FreePort.next());
    openLink(name);
    start(name, addresses());
  }

  /** One node less: it is told by SIGTERM, and not started again. */
  void leave(String name) {
    leaving.add(name);
    victim(name).terminate();
    addresses.remove(name);
  }

  private void openLink(String name) throws IOException {
    if (links.isPresent()) {
      listens.put(name, FreePort.next());
      links.get().open(name, port(name), listens.get(name));
    }
  }

  private int port(String name) {
    return Integer.parseInt(addresses.get(name).replaceFirst(".*:", ""));
  }

  private void plan(String role, int count) {
    for (int i = 0; i < count; i++) {
      addresses.put(role + "-" + i, "127.0.0.1:" + FreePort.next());
    }
  }

  private synchronized void start(String name, List<String> join) {
    if (closing) {
      return;
    }
    try {
      Victim victim =
          Victim.start(name, flags(name), environment, arguments(name, join), log(name));
      present.put(name, victim);
      lives.add(victim);
      victim.end().thenAccept(status -> afterDeath(victim, status));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> flags(String name) {
    Stream<String> behindDoor =
        listens.containsKey(name)
            ? Stream.of(
                "-Dakka.remote.artery.bind.hostname=127.0.0.1",
                "-Dakka.remote.artery.bind.port=" + listens.get(name))
            : Stream.empty();
    return Stream.concat(flags.stream(), behindDoor).toList();
  }

  private List<String> arguments(String name, List<String> join) {
    List<String> own =
        List.of("--roles", roleOf(name), "--port", Integer.toString(port(name)), "--join");
    return Stream.of(List.of("node"), own, List.of(String.join(",", join)), common)
        .flatMap(List::stream)
        .toList();
  }

  Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private void afterDeath(Victim victim, int status) {
    deaths.add(new Death(System.currentTimeMillis(), victim, status));
    present.remove(victim.name(), victim);
    if (isClosing() || leaving.contains(victim.name())) {
      return;
    }
    onDeath.accept(addresses.get(victim.name()));
    Runnable again = () -> start(victim.name(), new ArrayList<>(addresses.values()));
    if (isStoodInFor(victim.name())) {
      CompletableFuture.delayedExecutor(HEAD_START_MILLIS, TimeUnit.MILLISECONDS).execute(again);
    } else {
      again.run();
    }
  }

  private boolean isStoodInFor(String name) {
    return isLearner(name) && present.keySet().stream().anyMatch(Household::isLearner);
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  /** Kills all of them. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    present().forEach(Victim::kill);
    present().forEach(victim -> victim.end().join());
    links.ifPresent(Links::close);
  }
}
