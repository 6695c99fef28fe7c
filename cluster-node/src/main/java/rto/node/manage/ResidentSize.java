package rto.node.manage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The memory of this process, what libtorch has of it included. */
final class ResidentSize {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int KIB = 1024;

  private ResidentSize() {}

  /** NaN where the system does not say. */
  static double bytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * KIB)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException noSuchSystem) {
      return Double.NaN;
    }
  }
}
