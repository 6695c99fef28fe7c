package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rto.bench.Clock;
import rto.lm.ComputeType;

@Command(
    name = "bench",
    description =
        "Measures how fast this machine samples, scores and learns, beside what it could do at best:"
            + " calibrates it first, then runs models of random weights. Takes a few minutes.",
    footer = {
      "Shapes: 260K, 15M, 110M. Other work on the machine makes every figure worse.",
      "Example: rto bench --shape 15M --out bench.json"
    })
final class BenchCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      defaultValue = "260K,15M",
      split = ",",
      description = "Which size of model; may be repeated (default: ${DEFAULT-VALUE}).")
  private List<String> shapes;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also write everything as JSON, with a description of the machine.")
  private Path out;

  @Mixin private DeviceOption device;

  @Option(
      names = "--torch-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Intra-op threads, as a run's torch-threads (default: ${DEFAULT-VALUE}).")
  private int torchThreads;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description =
          "Threads that share the work, as a run's resources.compute-threads and rollout-workers"
              + " (default: cores divided by --torch-threads).")
  private Integer computeThreads;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      description = "Of each measurement, after one that warms up (default: 2 to 7, by shape).")
  private Integer repeats;

  @Option(
      names = "--clock",
      paramLabel = "NAME",
      defaultValue = "elapsed",
      description =
          "What is counted as time: elapsed, or processor, what this process computed, for a machine"
              + " that has other work as well (default: ${DEFAULT-VALUE}).")
  private Clock clock;

  @Option(
      names = "--compute-type",
      paramLabel = "NAME",
      defaultValue = "float32",
      description =
          "What is multiplied, as a run's model.compute-type: float32, bfloat16 or float16"
              + " (default: ${DEFAULT-VALUE}).")
  private ComputeType computeType;

  @Option(
      names = "--eager",
      description =
          "Also run the same model one array operation at a time in float32, as a Python program"
              + " runs PyTorch, in turns with the engine.")
  private boolean eager;

  @Option(
      names = "--endurance",
      paramLabel = "N",
      description =
          "Instead: take N learner steps and sample N tasks on tiny models, and tell whether the"
              + " process's memory stays flat; status 1 if it does not.")
  private Integer endurance;

  BenchCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    int torch = Arguments.positive(spec, "torch-threads", torchThreads);
    if (endurance != null) {
      refuseOthers();
      int steps = Arguments.positive(spec, "endurance", endurance);
      operations.endurance(new Operations.Endurance(steps, Optional.ofNullable(out)));
      return 0;
    }
    int share = Math.max(1, Runtime.getRuntime().availableProcessors() / torch);
    operations.bench(
        new Operations.Bench(
            List.copyOf(shapes),
            Optional.ofNullable(out),
            device.device(spec),
            torch,
            computeThreads == null
                ? share
                : Arguments.positive(spec, "compute-threads", computeThreads),
            clock,
            computeType,
            eager,
            repeats == null
                ? OptionalInt.empty()
                : OptionalInt.of(Arguments.positive(spec, "repeats", repeats))));
    return 0;
  }

  /** The long run is always the same one. */
  private void refuseOthers() {
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (!List.of("--endurance", "--out").contains(given.longestName())) {
        throw new ParameterException(
            spec.commandLine(),
            given.longestName() + ": not with --endurance (expected: --out alone beside it)");
      }
    }
  }
}
