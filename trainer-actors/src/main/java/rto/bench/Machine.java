package rto.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import rto.tensor.ComputeDevice;
import rto.tensor.Torch;

/**
 * Where and when something was measured.
 *
 * @param processor its model
 * @param device that computed: {@code cpu}, or {@code gpu:N} and its model
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
    String device,
    int cores,
    int torchThreads,
    int computeThreads,
    Clock clock,
    String libtorch,
    String java,
    String system,
    String date) {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path GPUS = Path.of("/proc/driver/nvidia/gpus");

  /** This one, now. */
  static Machine here(int computeThreads, Clock clock) {
    return new Machine(
        modelName(),
        device(ComputeDevice.current()),
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
    try {
      return value("model name", PROCESSORS).orElseGet(Machine::architecture);
    } catch (IOException noSuchSystem) {
      return architecture();
    }
  }

  /** NVIDIA's driver tells the models of the GPUs, in their order; without it the name stands. */
  private static String device(ComputeDevice device) {
    if (device.isCpu() || !Files.isDirectory(GPUS)) {
      return device.name();
    }
    int number = Integer.parseInt(device.name().replaceAll("\\D", ""));
    try (Stream<Path> gpus = Files.list(GPUS)) {
      Optional<Path> folder = gpus.sorted().skip(number).findFirst();
      return folder.isEmpty()
          ? device.name()
          : value("Model", folder.get().resolve("information"))
              .map(model -> device.name() + ", " + model)
              .orElse(device.name());
    } catch (IOException noSuchSystem) {
      return device.name();
    }
  }

  /** Of the first line {@code name : value}. */
  private static Optional<String> value(String name, Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    }
  }

  private static String architecture() {
    return System.getProperty("os.arch");
  }
}
