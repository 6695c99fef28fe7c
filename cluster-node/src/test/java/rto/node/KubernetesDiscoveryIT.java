package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of {@code rto node} that find each other as pods do. */
class KubernetesDiscoveryIT {

  private static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path temp;

  private final List<Child> children = new ArrayList<>();

  @AfterEach
  void nobodySurvives() {
    children.forEach(Child::close);
  }

  @Test
  void podsOfALabelBeginOneClusterAndOneAloneSaysWhatItWaitsFor() throws Exception {
    int one = FreePort.next();
    int two = FreePort.next();
    try (var kubernetes = new FakeKubernetes(temp)) {
      kubernetes.run(one);
      Child first = start(kubernetes, one);
      Awaiting.becomes(PATIENCE, () -> get(one, "/ready").status(), 503);
      Awaiting.becomes(
          PATIENCE,
          () ->
              first.err().stream()
                  .anyMatch(
                      line ->
                          line.contains(
                              "still waiting for 2 nodes or a cluster, by discovery.method ="
                                  + " kubernetes, service-name = rto, port-name = management"
                                  + " since ")),
          true);
      assertThat(get(one, "/ready").status()).isEqualTo(503);

      kubernetes.run(two);
      Child second = start(kubernetes, two);
      for (int port : List.of(one, two)) {
        Awaiting.becomes(
            PATIENCE, () -> get(port, "/metrics").gauge("rto_members_up"), Optional.of(2.0));
        Awaiting.becomes(PATIENCE, () -> get(port, "/ready").status(), 200);
      }
      assertThat(kubernetes.refused()).isEmpty();

      second.terminate();
      assertThat(second.ended()).as(second.said()).isEqualTo(128 + 15);
      Awaiting.becomes(
          PATIENCE, () -> get(one, "/metrics").gauge("rto_members_up"), Optional.of(1.0));
    }
  }

  private Child start(FakeKubernetes kubernetes, int port) throws Exception {
    Map<String, String> environment = new HashMap<>(kubernetes.environment());
    environment.put("RTO_LOG_LEVEL", "WARN");
    Child child =
        Child.rto(
            List.of(
                "node",
                "--roles",
                "rollout",
                "--port",
                "0",
                "--data",
                temp.toString(),
                "management.port=" + port,
                "discovery.method=kubernetes",
                "discovery.service-name=" + FakeKubernetes.APP,
                "discovery.namespace=" + FakeKubernetes.NAMESPACE,
                "failure-detection=one-rack"),
            environment);
    children.add(child);
    return child;
  }

  private static ManagedNode.Answer get(int port, String path) {
    return ManagedNode.ask("127.0.0.1", port, "GET", path);
  }
}
