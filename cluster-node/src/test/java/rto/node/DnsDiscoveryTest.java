package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that find each other by a real name server, of our own, on loopback. */
class DnsDiscoveryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SERVICE = "rto.lab.test";

  private final List<ManagedNode> nodes = new ArrayList<>();
  private TinyDns dns;

  @BeforeEach
  void startDns() throws Exception {
    dns = new TinyDns();
  }

  @AfterEach
  void close() {
    nodes.forEach(ManagedNode::close);
    dns.close();
  }

  @Test
  void nodesOfAServiceBeginOneClusterAndLaterOnesJoinIt() throws Exception {
    int one = FreePort.next();
    int two = FreePort.next();
    int three = FreePort.next();
    announce(one);
    ManagedNode first = srv(one);
    Awaiting.becomes(PATIENCE, () -> first.get("/alive").status(), 200);
    // Alone it is too few: longer than the two of them take below.
    Awaiting.holds(Duration.ofSeconds(6), () -> first.get("/ready").status() == 503);

    announce(one, two);
    ManagedNode second = srv(two);
    assertUp(2, first, second);

    announce(one, two, three);
    ManagedNode third = srv(three);
    assertUp(3, first, second, third);
    assertThat(first.get("/ready").status()).isEqualTo(200);
  }

  @Test
  void addressesAloneDoWhereAllHaveOneManagementPort() throws Exception {
    dns.addresses(SERVICE, List.of("127.0.0.1", "127.0.0.2"));
    int port = FreePort.next();
    ManagedNode first =
        start("host=127.0.0.1", "management.port=" + port, "discovery.port-name=off");
    ManagedNode second =
        start("host=127.0.0.2", "management.port=" + port, "discovery.port-name=off");

    assertUp(2, first, second);
  }

  private void announce(int... ports) throws Exception {
    List<TinyDns.Place> places = new ArrayList<>();
    for (int port : ports) {
      places.add(new TinyDns.Place("localhost", port));
    }
    dns.places("_management._tcp." + SERVICE, places);
  }

  private ManagedNode srv(int port) {
    return start("management.host=localhost", "management.port=" + port);
  }

  private ManagedNode start(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.addAll(
        List.of(
            "roles=[rollout]",
            "port=0",
            "failure-detection=one-rack",
            "discovery.method=dns",
            "discovery.service-name=" + SERVICE));
    String akka =
        "akka.io.dns.async-dns { nameservers = [\"%s\"], search-domains = [], ndots = 1 }\n"
            .formatted(dns.address());
    ManagedNode node = ManagedNode.start(akka, all);
    nodes.add(node);
    return node;
  }

  private static void assertUp(double members, ManagedNode... nodes) {
    for (ManagedNode node : nodes) {
      Awaiting.becomes(
          PATIENCE, () -> node.get("/metrics").gauge("rto_members_up"), Optional.of(members));
    }
    // One cluster: all name the same leader.
    assertThat(List.of(nodes))
        .extracting(node -> Cluster.get(node.system()).state().getLeader())
        .containsOnly(Cluster.get(nodes[0].system()).state().getLeader());
  }
}
