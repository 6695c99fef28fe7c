package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.train.RunSettings;

class NodeSettingsTest {

  @Test
  void nodeDoesEverythingOnLoopbackUnlessToldOtherwise() {
    NodeSettings node = node();

    assertThat(node.roles()).containsExactly(NodeRole.values());
    assertThat(node.host()).isEqualTo("127.0.0.1");
    assertThat(node.join()).isEmpty();
    assertThat(node.folder("a")).isEqualTo(Path.of("runs/a").toAbsolutePath());
  }

  @Test
  void oneRackWaitsLessThanAkkaDoes() {
    NodeSettings quick = node("roles=[rollout]", "failure-detection=one-rack", "join=[\"a:1\"]");

    var config = NodeConfig.of(quick);
    assertThat(config.getString("akka.cluster.split-brain-resolver.stable-after")).isEqualTo("3 s");
    assertThat(config.getString("akka.cluster.failure-detector.acceptable-heartbeat-pause"))
        .isEqualTo("2 s");
    assertThat(config.getStringList("akka.cluster.seed-nodes")).containsExactly("akka://rto@a:1");
    assertThat(config.getString("akka.coordinated-shutdown.exit-jvm")).isEqualTo("on");
    assertThat(
            NodeConfig.of(node("roles=[rollout]"))
                .getString("akka.cluster.split-brain-resolver.stable-after"))
        .isEqualTo("20 s");
  }

  @Test
  void allMistakesAreNamedAtOnce() {
    assertThatThrownBy(() -> node("roles=[]", "port=70000", "join=[nonsense]"))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining("roles: none")
        .hasMessageContaining("port: 70000")
        .hasMessageContaining("join: [nonsense] (expected: host:port each)");
  }

  @Test
  void settingsOfARunArriveAsTheyWereWithThisMachinesResources() {
    RunSettings sent =
        Settings.load(SmallRun.CONFIG, SmallRun.overrides(), RunSettings.class).identity();

    RunSettings read =
        Settings.read(
            Settings.render(sent),
            node(
                    "resources.rollout-workers=3",
                    "resources.checkpoints=5",
                    "resources.devices=[\"gpu:1\", \"gpu:0\"]")
                .overrides(),
            RunSettings.class);

    assertThat(read.resources().workers()).isEqualTo(3);
    assertThat(read.resources().checkpoints()).isEqualTo(5);
    assertThat(read.resources().devices()).containsExactly("gpu:1", "gpu:0");
    assertThat(onProcessor(read)).isEqualTo(sent);
  }

  private static RunSettings onProcessor(RunSettings run) {
    return Settings.read(
            Settings.render(run), List.of("resources.devices=[cpu]"), RunSettings.class)
        .identity();
  }

  @Test
  void whatThisMachineKeepsIsNoPartOfWhatMakesARun() {
    RunSettings five =
        Settings.load(
            SmallRun.CONFIG, SmallRun.overrides("resources.checkpoints=5"), RunSettings.class);

    // As folders had it that were made before there was that key.
    assertThat(Settings.render(five.identity()).replaceAll("\\s", ""))
        .contains("\"resources\":{\"compute-threads\":0,\"rollout-workers\":0}");
    assertThatThrownBy(() -> node("resources.checkpoints=0"))
        .hasMessageContaining("resources.checkpoints: 0 (expected: > 0)");
  }

  private static NodeSettings node(String... overrides) {
    return Settings.load(
        Optional.empty(), List.of(overrides), NodeSettings.DEFAULTS, NodeSettings.class);
  }
}
