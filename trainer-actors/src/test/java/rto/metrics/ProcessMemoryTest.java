package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

  private static final long SOME = 64 << 20;
  private static final long BLOCK = 64 << 10;

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

  /** Blocks that the allocator takes from its heap and keeps behind the last one when freed. */
  @Test
  void whatWasFreedIsGivenBack() {
    assumeTrue(ProcessMemory.nativeHeap() > 0, "skipped: no glibc on this system");
    List<Memory> blocks = new ArrayList<>();
    for (int i = 0; i < SOME / BLOCK; i++) {
      Memory block = new Memory(BLOCK);
      block.setMemory(0, BLOCK, (byte) 1);
      blocks.add(block);
    }
    Memory last = new Memory(BLOCK);
    blocks.forEach(Memory::close);
    double kept = ProcessMemory.resident();
    ProcessMemory.giveBack();
    assertThat(kept - ProcessMemory.resident()).isGreaterThan(0.8 * SOME);
    last.close();
  }
}
