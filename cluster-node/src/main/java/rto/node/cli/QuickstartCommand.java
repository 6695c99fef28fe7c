package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "quickstart",
    description =
        "Trains a small language model of a made-up world through all stages, in a few minutes:"
            + " base, reward model, DPO, RTO. Ends with a table, sample responses and a page to"
            + " look at.",
    footer = {
      "Typed again after an interruption, it goes on where it was.",
      "Example: rto quickstart --seed 2"
    })
final class QuickstartCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the run lives (default: runs/quickstart-SEED).")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Everything follows from it, the world included (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Parameters(
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that differ from quickstart.conf.")
  private List<String> overrides = List.of();

  QuickstartCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Optional.ofNullable(out).orElse(Path.of("runs", "quickstart-" + seed));
    List<String> others = Arguments.overrides(spec, overrides);
    for (String override : others) {
      if (Arguments.key(override).equals("seed")) {
        throw new ParameterException(
            spec.commandLine(),
            "override: " + override + " (expected: another setting; use --seed)");
      }
    }
    operations.quickstart(new Operations.Quickstart(folder, seed, others));
    return 0;
  }
}
