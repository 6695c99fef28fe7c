package rto.node;

import static rto.protocol.Require.problem;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import rto.protocol.Require;

/**
 * How a node finds the cluster, or those that it begins one with.
 *
 * @param method from the list {@code join}, or by asking
 * @param serviceName what is asked for: a DNS name in full, or the label {@code app} of pods
 * @param portName the management port's name in SRV records and in pods; off: DNS is asked for
 *     addresses alone, and all nodes have the same management port
 * @param namespace of the pods; the node's own unless given
 * @param requiredContactPoints no cluster is begun by fewer nodes than these
 */
record DiscoverySettings(
    Method method,
    Optional<String> serviceName,
    Optional<String> portName,
    Optional<String> namespace,
    int requiredContactPoints) {

  private static final String BOOTSTRAP = "akka.management.cluster.bootstrap.";

  enum Method {
    SEEDS,
    DNS,
    KUBERNETES
  }

  DiscoverySettings {
    boolean seeds = method == Method.SEEDS;
    Require.all(
        problem(
            seeds || serviceName.isPresent(),
            "service-name: off (expected: the name that %s is asked for)",
            word(method)),
        problem(
            !seeds || serviceName.isEmpty(),
            "service-name: %s (expected: off with method = seeds; or method = dns or kubernetes)",
            serviceName.orElse("")),
        problem(
            method == Method.KUBERNETES || namespace.isEmpty(),
            "namespace: %s (expected: off with method = %s; kubernetes has namespaces)",
            namespace.orElse(""),
            word(method)),
        problem(
            requiredContactPoints > 0,
            "required-contact-points: %s (expected: > 0)",
            requiredContactPoints));
  }

  boolean bySeeds() {
    return method == Method.SEEDS;
  }

  String name() {
    return word(method);
  }

  /** What is waited for until there is a cluster. */
  String awaited() {
    return "%d nodes or a cluster, by discovery.method = %s, service-name = %s, port-name = %s"
        .formatted(
            requiredContactPoints, name(), serviceName.orElse("off"), portName.orElse("off"));
  }

  /** Akka's settings. */
  Map<String, Object> akka() {
    if (bySeeds()) {
      return Map.of();
    }
    Map<String, Object> akka = new HashMap<>();
    akka.put(
        "akka.management.http.routes.cluster-bootstrap",
        "akka.management.cluster.bootstrap.ClusterBootstrap$");
    String points = BOOTSTRAP + "contact-point-discovery.";
    akka.put(points + "discovery-method", method == Method.DNS ? "akka-dns" : "kubernetes-api");
    akka.put(points + "service-name", serviceName.orElseThrow());
    akka.put(points + "port-name", portName.orElse(""));
    akka.put(points + "required-contact-point-nr", requiredContactPoints);
    namespace.ifPresent(name -> akka.put("akka.discovery.kubernetes-api.pod-namespace", name));
    return akka;
  }

  private static String word(Method method) {
    return method.name().toLowerCase(Locale.ROOT);
  }
}
