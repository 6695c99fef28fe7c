package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

  private static final long SOME = 64 << 20;

  @Test
  void theResidentSizeIsBelowItsPeakAndAboveTheJavaHeap() {
    assumeTrue(ProcessMemory.resident() > 0, "skipped: no /proc on this system");
    // The kernel notes a peak now and then only.
    assertThat(ProcessMemory.peak()).isGreaterThan(0.9 * ProcessMemory.resident());
    assertThat(ProcessMemory.javaHeap()).isPositive().isLessThan(ProcessMemory.resident());
  }

  @Test
  void whatNativeCodeHoldsIsCountedUntilItIsFreed() {
    double before = ProcessMemory.nativeHeap();
    assumeTrue(before > 0, "skipped: no glibc on this system");
    try (Memory some = new Memory(SOME)) {
      assertThat(ProcessMemory.nativeHeap() - before).isBetween(0.9 * SOME, 1.1 * SOME);
      assertThat(some.size()).isEqualTo(SOME);
    }
    assertThat(ProcessMemory.nativeHeap() - before).isLessThan(0.1 * SOME);
  }
}
