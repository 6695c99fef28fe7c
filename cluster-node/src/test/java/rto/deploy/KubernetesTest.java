package rto.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The manifests are what Kubernetes' own models take, and they fit together. */
class KubernetesTest {

  /** Refuses a field that it does not know, and the lack of one that it needs. */
  private interface Model {
    Object read(String json) throws IOException;
  }

  private static final Map<String, Model> MODELS =
      Map.of(
          "v1 Service", V1Service::fromJson,
          "v1 ServiceAccount", V1ServiceAccount::fromJson,
          "rbac.authorization.k8s.io/v1 Role", V1Role::fromJson,
          "rbac.authorization.k8s.io/v1 RoleBinding", V1RoleBinding::fromJson,
          "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::fromJson,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::fromJson,
          "apps/v1 StatefulSet", V1StatefulSet::fromJson,
          "apps/v1 Deployment", V1Deployment::fromJson,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::fromJson);

  @Test
  void everyManifestIsWhatKubernetesTakes() throws IOException {
    for (JsonNode manifest : all()) {
      assertThat(MODELS).containsKey(kind(manifest));
      MODELS.get(kind(manifest)).read(manifest.toString());
    }
  }

  @Test
  void misspelledFieldIsRefused() throws IOException {
    JsonNode rollout = named("Deployment", "rto-rollout").deepCopy();
    ((ObjectNode) rollout.at("/spec/template/spec/containers/0")).put("imagee", "x");
    assertThatThrownBy(() -> V1Deployment.fromJson(rollout.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imagee");
  }

  @Test
  void selectorsFindTheirPods() throws IOException {
    for (JsonNode manifest : all()) {
      JsonNode template = manifest.at("/spec/template/metadata/labels");
      if (!template.isMissingNode()) {
        assertThat(template).isEqualTo(manifest.at("/spec/selector/matchLabels"));
      }
    }
    assertThat(named("PodDisruptionBudget", "rto-learner").at("/spec/selector/matchLabels"))
        .isEqualTo(named("StatefulSet", "rto-learner").at("/spec/selector/matchLabels"));
    assertThat(named("Service", "rto").at("/spec/clusterIP").asText()).isEqualTo("None");
    assertThat(named("StatefulSet", "rto-learner").at("/spec/serviceName").asText())
        .isEqualTo("rto");
  }

  @Test
  void everyPodIsProbedAndIsNotRoot() throws IOException {
    for (JsonNode pod : pods()) {
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      JsonNode node = pod.at("/containers/0");
      assertThat(node.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/ready");
      assertThat(node.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/alive");
      assertThat(Yaml.items(node.at("/ports")).map(p -> p.at("/containerPort").asInt()))
          .containsExactly(25520, 8558);
    }
  }

  @Test
  void everyVolumeIsDeclared() throws IOException {
    for (JsonNode pod : pods()) {
      assertThat(Yaml.items(pod.at("/volumes")).map(v -> v.at("/name").asText()))
          .containsAll(
              Yaml.items(pod.at("/containers/0/volumeMounts"))
                  .map(mount -> mount.at("/name").asText())
                  .toList());
      assertThat(pod.at("/volumes/0/persistentVolumeClaim/claimName").asText())
          .isEqualTo(named("PersistentVolumeClaim", "rto-runs").at("/metadata/name").asText());
    }
  }

  @Test
  void everyPodMayListPods() throws IOException {
    String account = named("ServiceAccount", "rto").at("/metadata/name").asText();
    for (JsonNode pod : pods()) {
      assertThat(pod.at("/serviceAccountName").asText()).isEqualTo(account);
    }
    JsonNode binding = named("RoleBinding", "rto-pods");
    assertThat(binding.at("/subjects/0/name").asText()).isEqualTo(account);
    JsonNode rule = named("Role", binding.at("/roleRef/name").asText()).at("/rules/0");
    assertThat(Yaml.texts(rule.at("/resources"))).containsExactly("pods");
    assertThat(Yaml.texts(rule.at("/verbs"))).containsExactlyInAnyOrder("get", "watch", "list");
  }

  @Test
  void autoscalerCountsOpenTasks() throws IOException {
    JsonNode scaler = named("HorizontalPodAutoscaler", "rto-rollout");
    named("Deployment", scaler.at("/spec/scaleTargetRef/name").asText());
    assertThat(scaler.at("/spec/metrics/0/external/metric/name").asText())
        .isEqualTo("rto_tasks_open");
  }

  private static List<JsonNode> pods() throws IOException {
    List<JsonNode> pods =
        all().stream().map(m -> m.at("/spec/template/spec")).filter(p -> p.isObject()).toList();
    assertThat(pods).hasSize(3);
    return pods;
  }

  private static JsonNode named(String kind, String name) throws IOException {
    return all().stream()
        .filter(m -> m.at("/kind").asText().equals(kind))
        .filter(m -> m.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private static String kind(JsonNode manifest) {
    return manifest.at("/apiVersion").asText() + " " + manifest.at("/kind").asText();
  }

  private static List<JsonNode> all() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (Path file : Yaml.manifests()) {
      all.addAll(Yaml.read(file));
    }
    return all;
  }
}
