package rto.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import rto.tensor.Torch;

/**
 * Where and when something was measured.
 *
 * @param processor its model
 * @param cores that Java may use
 * @param torchThreads intra-op threads of libtorch
 * @param computeThreads that share the work, each with so many intra-op threads
 * @param clock what is counted as time
 * @param libtorch version
 * @param java version and maker
 * @param system name and version
 * @param date to the second, UTC
 */
public record Machine(
    String processor,
    int cores,
    int torchThreads,
    int computeThreads,
    Clock clock,
    String libtorch,
    String java,
    String system,
    String date) {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** This one, now. */
  static Machine here(int computeThreads, Clock clock) {
    return new Machine(
        modelName(),
        Runtime.getRuntime().availableProcessors(),
        Torch.threads(),
        computeThreads,
        clock,
        Torch.version(),
        Runtime.version() + ", " + System.getProperty("java.vm.name"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String modelName() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(Machine::architecture);
    } catch (IOException noSuchSystem) {
      return architecture();
    }
  }

  private static String architecture() {
    return System.getProperty("os.arch");
  }
}
