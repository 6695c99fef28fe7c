package rto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No GPU is needed: a scope that makes nothing only knows where it would. */
class ComputeDeviceTest {

  private static final ComputeDevice THIRD = new ComputeDevice("gpu:2");

  @AfterEach
  void back() {
    ComputeDevice.CPU.useByDefault();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "gpu", "gpu:", "gpu:-1", "gpu:x", "cuda:0", "CPU", "cpu:0", "gpu:1000"})
  void otherNamesAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ComputeDevice(name))
        .withMessage("device: %s (expected: cpu, or gpu: and a number)", name);
  }

  @Test
  void gpusAreOneKindAndTheProcessorsMemoryIsNotItsOwn() {
    assertThat(THIRD.kind()).isEqualTo(new ComputeDevice("gpu:0").kind()).isEqualTo("gpu");
    assertThat(ComputeDevice.CPU.kind()).isEqualTo("cpu");
    assertThat(ComputeDevice.CPU.usedBytes()).isNaN();
  }

  @Test
  void scopesAreOnTheThreadsDevice() {
    try (ComputeThread gpu = new ComputeThread("gpu", THIRD);
        ComputeThread other = new ComputeThread("other")) {
      assertThat(gpu.call(ComputeDeviceTest::deviceOfAScope)).isEqualTo(Device.gpu(2));
      assertThat(other.call(ComputeDeviceTest::deviceOfAScope)).isEqualTo(Device.cpu());
      assertThat(deviceOfAScope()).isEqualTo(Device.cpu());
    }
  }

  @Test
  void theProcesssDeviceIsThatOfThreadsWithoutOneOfTheirOwn() {
    THIRD.useByDefault();
    try (ComputeThread cpu = new ComputeThread("cpu", ComputeDevice.CPU)) {
      assertThat(cpu.call(ComputeDeviceTest::deviceOfAScope)).isEqualTo(Device.cpu());
      assertThat(deviceOfAScope()).isEqualTo(Device.gpu(2));
      assertThat(ComputeDevice.current()).isEqualTo(THIRD);
    }
  }

  private static Device deviceOfAScope() {
    try (NDManager scope = Torch.newScope()) {
      return scope.getDevice();
    }
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedByName() {
    assertThatCode(ComputeDevice.CPU::requireAvailable).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ComputeDevice("gpu:999").requireAvailable())
        .withMessageStartingWith("device: gpu:999 (expected: one of [cpu");
  }
}
