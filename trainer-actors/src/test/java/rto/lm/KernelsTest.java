package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rto.tensor.ComputeDevice;
import rto.tensor.ComputeThread;

class KernelsTest {

  @Test
  void largeShapesTakeOneDnnOnAProcessorOnly() {
    DecoderConfig narrow = config(4095, 254);
    DecoderConfig wide = config(8, 256);
    assertThat(Kernels.of(narrow)).isEqualTo(Kernels.PLAIN);
    assertThat(Kernels.of(wide)).isEqualTo(Kernels.ONEDNN);
    assertThat(Kernels.of(config(4096, 16))).isEqualTo(Kernels.ONEDNN);
    try (ComputeThread gpu = new ComputeThread("gpu", new ComputeDevice("gpu:0"))) {
      assertThat(gpu.call(() -> Kernels.of(wide))).isEqualTo(Kernels.PLAIN);
    }
  }

  private static DecoderConfig config(int tokens, int hidden) {
    return new DecoderConfig(
        tokens, hidden, 8, 1, 1, 1, 2, 1e-5, 10_000, 8, 1, 2, Models.language(true));
  }
}
