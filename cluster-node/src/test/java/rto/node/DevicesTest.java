package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.Progress;
import rto.node.cluster.RunStopped;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.tensor.ComputeDevice;
import rto.train.Resources;
import rto.train.RunFolder;
import rto.train.RunSettings;

class DevicesTest {

  @Test
  void whatIsNotThereIsRefusedWithWhatIs() {
    assertThatThrownBy(() -> Devices.choose(settings("[\"gpu:998\", \"gpu:999\"]")))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining("resources.devices: device: gpu:998 (expected: one of [cpu")
        .hasMessageContaining("gpu:999");
    assertThat(ComputeDevice.current()).isEqualTo(ComputeDevice.CPU);
    assertThatCode(() -> Devices.choose(settings("[cpu]"))).doesNotThrowAnyException();
  }

  @Test
  void anUnknownNameIsRefusedWhenTheSettingsAreRead() {
    assertThatThrownBy(() -> resources("[\"cuda:0\"]"))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining(
            "resources.devices: [cuda:0] (expected: some of cpu, gpu:0, gpu:1, ..)");
  }

  @Test
  void processorsAndGpusRoundDifferentlyAndAreNotMixed() {
    assertThatThrownBy(() -> resources("[\"cpu\", \"gpu:0\"]"))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining("resources.devices: [cpu, gpu:0] (expected: cpu, or GPUs");
  }

  @Test
  void numbersThatNothingIsComputedInAreRefused() {
    assertThatThrownBy(() -> resources("[cpu]", "model.compute-type=int8"))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining(
            "model.compute-type: \"int8\" (expected: one of float32, bfloat16, float16)");
  }

  @Test
  void rolloutWorkersTakeTurnsAndLearnerAndScorersTheFirst() {
    Resources two = resources("[\"gpu:1\", \"gpu:0\"]");
    assertThat(two.workers()).isEqualTo(2);
    assertThat(two.mainDevice().name()).isEqualTo("gpu:1");
    assertThat(two.device(1).name()).isEqualTo("gpu:0");
    assertThat(two.device(2).name()).isEqualTo("gpu:1");
    assertThat(resources("[cpu]").workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void aRunOnGpusIsTheSameRunOnAnyOfThemAndAnotherOneOnAProcessor() {
    RunSettings cpu = settings("[cpu]");
    RunSettings gpu = settings("[\"gpu:0\"]");
    RunSettings others = settings("[\"gpu:1\", \"gpu:2\"]");
    assertThat(others.identity()).isEqualTo(gpu.identity()).isNotEqualTo(cpu.identity());
    assertThat(gpu.identity().resources().devices()).containsExactly("gpu:0");
    // What folders hold, and what is hashed, from before there was a choice.
    assertThat(Settings.render(cpu.identity())).doesNotContain("devices");
  }

  @Test
  void aRunIsRefusedOnTheOtherKindOfDevice(@TempDir Path temp) throws Exception {
    RunFolder onCpu = begun("[cpu]", temp.resolve("c"));
    RunFolder onGpu = begun("[\"gpu:1\"]", temp.resolve("g"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Devices.requireKindOf(onCpu, resources("[\"gpu:0\"]")))
        .withMessage(
            "resources.devices: [gpu:0] (expected: cpu, which the run in %s began on; the other"
                + " kind rounds differently)",
            onCpu.root());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FolderClaim.holding(onGpu, settings("[cpu]"), () -> {}))
        .withMessageContaining("resources.devices: [cpu] (expected: gpu, which the run in");
    assertThatCode(() -> Devices.requireKindOf(onGpu, resources("[\"gpu:0\", \"gpu:7\"]")))
        .doesNotThrowAnyException();
  }

  @Test
  void anInterruptedRunGoesOnWithTheKindThatItsFolderNames(@TempDir Path temp) throws Exception {
    RunFolder folder = begun("[\"gpu:1\"]", temp);
    assertThat(
            Settings.load(folder.config(), List.of(), RunSettings.class)
                .resources()
                .mainDevice()
                .kind())
        .isEqualTo("gpu");
  }

  @Test
  void aNodeOfTheOtherKindHasNoRoomsForTheRun(@TempDir Path temp) throws Exception {
    NodeSettings node = nodeOverARunOnAGpu(temp);
    String submitted = Settings.render(settings("[cpu]").identity());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeRooms.load(node, "run", submitted))
        .withMessageContaining("[cpu] (expected: gpu, which the run in");
  }

  /** Another node's desk may go on with the run: it has not failed. */
  @Test
  void aLearnersNodeOfTheOtherKindLeavesTheRunAsItIs(@TempDir Path temp) throws Exception {
    NodeSettings node = nodeOverARunOnAGpu(temp);
    String submitted = Settings.render(settings("[cpu]").identity());
    assertThatThrownBy(
            () ->
                new ClusterPipeline(node)
                    .make("run", submitted, (brain, end) -> {}, Progress.silent()))
        .isInstanceOf(RunStopped.class)
        .hasMessageContaining("[cpu] (expected: gpu, which the run in");
  }

  /** A node on a CPU, among whose folders is a run's that began on a GPU. */
  private static NodeSettings nodeOverARunOnAGpu(Path data) throws Exception {
    begun("[\"gpu:0\"]", data.resolve("run"));
    return Settings.load(
        Optional.empty(), List.of("data=" + data), NodeSettings.DEFAULTS, NodeSettings.class);
  }

  private static RunFolder begun(String devices, Path root) throws Exception {
    RunFolder folder = new RunFolder(root);
    FolderClaim.holding(folder, settings(devices), () -> {});
    return folder;
  }

  private static Resources resources(String devices, String... more) {
    return settings(devices, more).resources();
  }

  private static RunSettings settings(String devices, String... more) {
    List<String> all =
        new ArrayList<>(List.of("resources.rollout-workers=0", "resources.devices=" + devices));
    all.addAll(List.of(more));
    return Settings.load(
        SmallRun.CONFIG, SmallRun.overrides(all.toArray(String[]::new)), RunSettings.class);
  }
}
