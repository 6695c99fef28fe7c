package rto.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import rto.node.journal.Journal;

/** Akka's settings for the nodes of a cluster of several processes, and for its clients. */
final class NodeConfig {

  /** The actor system's name, the same on all nodes. */
  static final String SYSTEM = "rto";

  /** Whoever gets the desk has the journal open already. */
  private static final String JOURNAL_AT_START =
      """
      akka.extensions = ["akka.persistence.Persistence"]
      akka.persistence.journal.auto-start-journals = ["jdbc-journal"]
      akka.persistence.snapshot-store.auto-start-snapshot-stores = ["jdbc-snapshot-store"]
      """;

  private NodeConfig() {}

  static Config of(NodeSettings settings) {
    Map<String, Object> ours = new HashMap<>();
    ours.put("akka.remote.artery.canonical.hostname", settings.host());
    ours.put("akka.remote.artery.canonical.port", settings.port());
    ours.put("akka.cluster.roles", settings.roles().stream().map(NodeRole::id).toList());
    ours.put(
        "akka.cluster.seed-nodes",
        settings.join().stream().map(node -> "akka://" + SYSTEM + "@" + node).toList());
    ours.put("akka.cluster.app-version", version());
    ours.put("akka.coordinated-shutdown.exit-jvm", "on");
    ours.putAll(settings.tls().akka());
    ours.putAll(settings.management().akka(settings.host()));
    ours.putAll(settings.discovery().akka());
    return ConfigFactory.parseMap(ours)
        .withFallback(journal(settings))
        .withFallback(ConfigFactory.parseResources(settings.failureDetection().resource()))
        .withFallback(ConfigFactory.parseResources("akka-node.conf"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }

  /** Of one that asks from outside: it joins nothing and has no journal. */
  static Config ofClient(TlsSettings tls) {
    // Standard output is the command's.
    String ours =
        "akka { coordinated-shutdown.run-by-jvm-shutdown-hook = off, stdout-loglevel = ERROR }";
    return ConfigFactory.parseMap(tls.akka())
        .withFallback(ConfigFactory.parseString(ours))
        .withFallback(ConfigFactory.parseResources("akka-node.conf"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }

  /** Only a learner's node opens it. */
  private static Config journal(NodeSettings settings) {
    if (!settings.roles().contains(NodeRole.LEARNER)) {
      return ConfigFactory.empty();
    }
    Path folder = settings.data().toAbsolutePath().normalize();
    Journal journal = Journal.of(settings.journal(), folder).ready();
    return ConfigFactory.parseMap(journal.slick())
        .atPath(Journal.SLICK)
        .withFallback(ConfigFactory.parseString(JOURNAL_AT_START));
  }

  private static String version() {
    return Optional.ofNullable(NodeConfig.class.getPackage().getImplementationVersion())
        .orElse("0.0.0");
  }
}
