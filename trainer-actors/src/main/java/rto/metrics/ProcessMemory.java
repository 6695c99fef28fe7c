package rto.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The memory of this process, in bytes. The resident size, what libtorch has of it included, is
 * read from {@code /proc}; NaN where the system does not say.
 */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String CLEAR_PEAK = "5";
  private static final int KIB = 1024;

  private ProcessMemory() {}

  /** Now. */
  public static double resident() {
    return line("VmRSS:");
  }

  /** The most there was, since {@link #forgetPeak} where the system can forget. */
  public static double peak() {
    return line("VmHWM:");
  }

  /** What native code has allocated and not freed; NaN where there is no glibc. */
  public static double nativeHeap() {
    return NativeHeap.bytes();
  }

  /**
   * Hands what native code has freed back to the system. The launcher lets the allocator keep it
   * for the next step of the same stage; the next stage has tensors of other sizes.
   */
  public static void giveBack() {
    NativeHeap.trim();
  }

  /** What is used of the Java heap, garbage included. */
  public static double javaHeap() {
    Runtime java = Runtime.getRuntime();
    return (double) java.totalMemory() - java.freeMemory();
  }

  /** Lets {@link #peak} begin anew; false where the system does not let itself be told so. */
  public static boolean forgetPeak() {
    try {
      Files.writeString(CLEAR, CLEAR_PEAK);
      return true;
    } catch (IOException noSuchSystem) {
      return false;
    }
  }

  private static double line(String name) {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * KIB)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException noSuchSystem) {
      return Double.NaN;
    }
  }
}
