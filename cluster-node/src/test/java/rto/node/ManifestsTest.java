package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rto.deploy.Yaml;
import rto.node.cli.Operations;
import rto.node.cli.RtoCommand;
import rto.node.settings.Settings;

/** What deploy/ tells nodes is what nodes understand. */
class ManifestsTest {

  private static final String SOME_ADDRESS = "10.1.2.3";

  /** Of a pod's template. */
  private record Pod(JsonNode template) {

    JsonNode container() {
      return template.at("/spec/containers/0");
    }

    int port(String name) {
      return Yaml.items(container().at("/ports"))
          .filter(port -> port.at("/name").asText().equals(name))
          .map(port -> port.at("/containerPort").asInt())
          .findFirst()
          .orElseThrow();
    }

    /** With the environment's values in their places, as Kubernetes does. */
    List<String> arguments() {
      Map<String, String> environment =
          Yaml.items(container().at("/env"))
              .filter(variable -> !variable.at("/valueFrom/fieldRef").isMissingNode())
              .collect(Collectors.toMap(one -> one.at("/name").asText(), Pod::value));
      return Yaml.texts(container().at("/args")).stream()
          .map(argument -> filled(argument, environment))
          .toList();
    }

    private static String value(JsonNode variable) {
      assertThat(variable.at("/valueFrom/fieldRef/fieldPath").asText()).isEqualTo("status.podIP");
      return SOME_ADDRESS;
    }

    private static String filled(String argument, Map<String, String> environment) {
      String filled = argument;
      for (var variable : environment.entrySet()) {
        filled = filled.replace("$(" + variable.getKey() + ")", variable.getValue());
      }
      assertThat(filled).doesNotContain("$(");
      return filled;
    }
  }

  @Test
  void everyPodsArgumentsAreSettingsOfANode() throws IOException {
    for (Pod pod : pods()) {
      NodeSettings node = understood(pod.arguments());
      assertThat(node.port()).isEqualTo(pod.port("cluster"));
      assertThat(node.management().port()).hasValue(pod.port("management"));
      assertThat(node.host()).isEqualTo(SOME_ADDRESS);
      assertThat(node.managementHost()).isEqualTo(SOME_ADDRESS);
    }
  }

  @Test
  void podsFindEachOtherByTheirLabelAndTheNameOfTheirPort() throws IOException {
    for (Pod pod : pods()) {
      DiscoverySettings discovery = understood(pod.arguments()).discovery();
      assertThat(discovery.method()).isEqualTo(DiscoverySettings.Method.KUBERNETES);
      assertThat(discovery.serviceName())
          .contains(pod.template().at("/metadata/labels/app").asText());
      assertThat(pod.port(discovery.portName().orElseThrow())).isPositive();
    }
  }

  @Test
  void probesAskPathsThatThereAreAndPrometheusTheRightPort() throws IOException {
    for (Pod pod : pods()) {
      for (String probe : List.of("readinessProbe", "livenessProbe")) {
        JsonNode get = pod.container().at("/" + probe + "/httpGet");
        assertThat(get.at("/path").asText()).isIn("/alive", "/ready");
        assertThat(pod.port(get.at("/port").asText()))
            .isEqualTo(understood(pod.arguments()).management().port().orElseThrow());
      }
      assertThat(pod.template().at("/metadata/annotations").path("prometheus.io/port").asInt())
          .isEqualTo(pod.port("management"));
    }
  }

  @Test
  void autoscalerAimsAtOneTaskPerSlot() throws IOException {
    JsonNode scaler =
        all().stream()
            .filter(one -> one.at("/kind").asText().equals("HorizontalPodAutoscaler"))
            .findFirst()
            .orElseThrow();
    NodeSettings worker =
        pods().stream()
            .map(pod -> understood(pod.arguments()))
            .filter(node -> node.roles().equals(List.of(NodeRole.ROLLOUT)))
            .findFirst()
            .orElseThrow();
    assertThat(scaler.at("/spec/metrics/0/external/target/averageValue").asInt())
        .isEqualTo(2 * worker.resources().rolloutWorkers());
  }

  /** As the command line of a node is read. */
  private static NodeSettings understood(List<String> arguments) {
    List<Object> asked = new ArrayList<>();
    Operations operations =
        (Operations)
            Proxy.newProxyInstance(
                Operations.class.getClassLoader(),
                new Class<?>[] {Operations.class},
                (proxy, method, options) -> {
                  asked.add(options[0]);
                  return null;
                });
    assertThat(RtoCommand.create(operations).execute(arguments.toArray(String[]::new))).isZero();
    var node = (Operations.Node) asked.get(0);
    return Settings.load(
        Optional.empty(), node.overrides(), NodeSettings.DEFAULTS, NodeSettings.class);
  }

  private static List<Pod> pods() throws IOException {
    List<Pod> pods =
        all().stream()
            .map(manifest -> manifest.at("/spec/template"))
            .filter(JsonNode::isObject)
            .map(Pod::new)
            .toList();
    assertThat(pods).hasSize(3);
    return pods;
  }

  private static List<JsonNode> all() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (Path file : Yaml.manifests()) {
      all.addAll(Yaml.read(file));
    }
    return all;
  }
}
