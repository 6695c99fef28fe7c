package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;

class DiscoverySettingsTest {

  private static final String BOOTSTRAP =
      "akka.management.cluster.bootstrap.contact-point-discovery.";

  @Test
  void nodeListensNowhereMoreAndAsksNobodyUnlessToldTo() {
    assertThat(node().management().isOn()).isFalse();
    assertThat(node().discovery().bySeeds()).isTrue();
    assertThat(node().discovery().akka()).isEmpty();
    assertThat(config(node()).getString("akka.management.http.routes.cluster-bootstrap")).isEmpty();
  }

  @Test
  void dnsIsAskedForTheManagementPorts() {
    NodeSettings node =
        node("discovery={method=dns,service-name=rto.x.svc}", "management.port=8558");

    var config = config(node);
    assertThat(config.getString(BOOTSTRAP + "discovery-method")).isEqualTo("akka-dns");
    assertThat(config.getString(BOOTSTRAP + "service-name")).isEqualTo("rto.x.svc");
    assertThat(config.getString(BOOTSTRAP + "port-name")).isEqualTo("management");
    assertThat(config.getInt(BOOTSTRAP + "required-contact-point-nr")).isEqualTo(2);
    assertThat(config.getString("akka.management.http.hostname")).isEqualTo("127.0.0.1");
    assertThat(config.getInt("akka.management.http.port")).isEqualTo(8558);
  }

  @Test
  void kubernetesIsAskedForPodsOfANamespace() {
    NodeSettings node =
        node(
            "discovery.method=kubernetes",
            "discovery.service-name=rto",
            "discovery.namespace=lab",
            "discovery.required-contact-points=3",
            "management.port=1",
            "management.host=127.0.0.2");

    var config = config(node);
    assertThat(config.getString(BOOTSTRAP + "discovery-method")).isEqualTo("kubernetes-api");
    assertThat(config.getString("akka.discovery.kubernetes-api.pod-namespace")).isEqualTo("lab");
    assertThat(config.getString("akka.discovery.kubernetes-api.pod-label-selector"))
        .isEqualTo("app=%s");
    assertThat(config.getInt(BOOTSTRAP + "required-contact-point-nr")).isEqualTo(3);
    assertThat(config.getString("akka.management.http.hostname")).isEqualTo("127.0.0.2");
  }

  @Test
  void mistakesAreNamedWithWhatIsAllowed() {
    assertThat(problems("discovery.method=consul"))
        .contains("discovery.method: \"consul\" (expected: one of seeds, dns, kubernetes)");
    assertThat(problems("discovery.method=dns", "management.port=8558"))
        .contains("discovery.service-name: off (expected: the name that dns is asked for)");
    assertThat(problems("discovery.service-name=rto"))
        .contains("discovery.service-name: rto (expected: off with method = seeds;");
    assertThat(
            problems("discovery={method=dns,service-name=a,namespace=b,required-contact-points=0}"))
        .contains("discovery.namespace: b (expected: off with method = dns;")
        .contains("discovery.required-contact-points: 0 (expected: > 0)");
    assertThat(problems("discovery={method=kubernetes,service-name=rto}"))
        .contains("management.port: off (expected: a port with discovery.method = kubernetes;");
    assertThat(
            problems(
                "discovery={method=dns,service-name=a}", "management.port=1", "join=[\"b:2\"]"))
        .contains("join: [b:2] (expected: none with discovery.method = dns,");
    assertThat(problems("management.port=70000"))
        .contains("management.port: 70000 (expected: in [0, 65535] or off)");
  }

  @Test
  void wideManagementAddressIsToldOf() {
    assertThat(node("management.port=8558").warnings()).isEmpty();
    assertThat(node("management.host=10.0.0.1").warnings()).as("off").isEmpty();
    assertThat(node("management.port=8558", "management.host=10.0.0.1").warnings())
        .singleElement()
        .asString()
        .startsWith("management.host: 10.0.0.1 is reached by others");
    assertThat(node("management.port=8558", "host=10.0.0.1").warnings()).hasSize(2);
  }

  private static com.typesafe.config.Config config(NodeSettings node) {
    return NodeConfig.of(node);
  }

  private static NodeSettings node(String... overrides) {
    return Settings.load(
        Optional.empty(),
        Stream.concat(Stream.of("roles=[rollout]"), Stream.of(overrides)).toList(),
        NodeSettings.DEFAULTS,
        NodeSettings.class);
  }

  private static String problems(String... overrides) {
    try {
      node(overrides);
    } catch (ConfigMistakes mistakes) {
      return mistakes.getMessage();
    }
    throw new AssertionError("no mistake found in " + List.of(overrides));
  }
}
