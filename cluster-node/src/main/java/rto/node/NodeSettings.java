package rto.node;

import static rto.protocol.Require.problem;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rto.node.journal.JournalSettings;
import rto.protocol.Require;
import rto.train.Resources;

/**
 * What belongs to a node of a cluster rather than to a run.
 *
 * @param roles what it does for a run
 * @param host the address that it binds to and that others reach it at
 * @param port the same; 0 takes a free one
 * @param join nodes to join, {@code host:port}; none, or the node itself first: it may be the first
 * @param data holds the folders of the runs, the same for all nodes
 * @param journal of all learners' nodes; a file, which lies in data, is for one learner's node
 * @param oneRun the cluster serves a single run, whose folder holds the journal
 * @param failureDetection how long a silent node is waited for
 * @param management where it tells how it is; off unless given
 * @param discovery how it finds the others
 * @param tls certificates; off unless given
 * @param resources of this machine
 */
record NodeSettings(
    List<NodeRole> roles,
    String host,
    int port,
    List<String> join,
    Path data,
    JournalSettings journal,
    boolean oneRun,
    FailureDetection failureDetection,
    ManagementSettings management,
    DiscoverySettings discovery,
    TlsSettings tls,
    Resources resources) {

  /** The resource with every default. */
  static final String DEFAULTS = "node-defaults.conf";

  private static final String ADDRESS = "[^:\\s]+:\\d+";

  /** A preset of Akka's settings. */
  enum FailureDetection {
    /** Akka's own values, for networks of any width. */
    PATIENT,
    /** Short ones: a dead node is removed within seconds. */
    ONE_RACK;

    /** The resource that has them. */
    String resource() {
      return this == ONE_RACK ? "akka-one-rack.conf" : "akka-patient.conf";
    }
  }

  NodeSettings {
    roles = List.copyOf(roles);
    join = List.copyOf(join);
    Require.all(
        problem(!roles.isEmpty(), "roles: none (expected: some of learner, rollout, ...)"),
        problem(port >= 0 && port <= 65535, "port: %s (expected: in [0, 65535])", port),
        problem(
            join.stream().allMatch(address -> address.matches(ADDRESS)),
            "join: %s (expected: host:port each)",
            join),
        problem(
            discovery.bySeeds() || join.isEmpty(),
            "join: %s (expected: none with discovery.method = %s, which finds the others)",
            join,
            discovery.name()),
        problem(
            discovery.bySeeds() || management.port().orElse(0) > 0,
            "management.port: %s (expected: a port with discovery.method = %s; there the nodes ask"
                + " each other for a cluster)",
            management.portText(),
            discovery.name()));
  }

  /** Where it tells how it is. */
  String managementHost() {
    return management.host().orElse(host);
  }

  /** The folder of a run. */
  Path folder(String run) {
    return data.toAbsolutePath().normalize().resolve(run);
  }

  /** What to say before others than this machine's users reach the node. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (isWide(host) && !tls.isOn()) {
      warnings.add(
          "host: "
              + host
              + " is reached by others, without TLS (expected: tls.certificate, tls.key, tls.ca,"
              + " or a network where everybody is trusted)");
    }
    if (isWide(managementHost()) && management.isOn()) {
      warnings.add(
          "management.host: "
              + managementHost()
              + " is reached by others, who can read members, health and metrics there and change"
              + " nothing (expected: a network where everybody may)");
    }
    return warnings;
  }

  private static boolean isWide(String host) {
    return !(host.equals("localhost") || host.startsWith("127.") || host.equals("::1"));
  }

  /** What differs on this machine from the settings that make a run. */
  List<String> overrides() {
    return List.of(
        "resources.compute-threads=" + resources.computeThreads(),
        "resources.rollout-workers=" + resources.rolloutWorkers(),
        "resources.devices=[\"" + String.join("\", \"", resources.devices()) + "\"]",
        "resources.checkpoints=" + resources.checkpoints(),
        "resources.task-deadline=" + resources.taskDeadline().toMillis() + "ms");
  }
}
