package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelsTest {

  @Test
  void largeShapesAndOtherNumbersThanFloat32GoByRows() {
    DecoderConfig narrow = config(4095, 254);
    DecoderConfig wide = config(8, 256);
    assertThat(Kernels.of(narrow)).isEqualTo(Kernels.PLAIN);
    assertThat(Kernels.of(wide)).isEqualTo(Kernels.ROWS);
    assertThat(Kernels.of(config(4096, 16))).isEqualTo(Kernels.ROWS);
    assertThat(Kernels.of(narrow, ComputeType.BFLOAT16)).isEqualTo(Kernels.ROWS);
  }

  private static DecoderConfig config(int tokens, int hidden) {
    return new DecoderConfig(
        tokens, hidden, 8, 1, 1, 1, 2, 1e-5, 10_000, 8, 1, 2, Models.language(true));
  }
}
