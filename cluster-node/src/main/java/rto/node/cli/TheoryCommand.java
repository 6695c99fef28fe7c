package rto.node.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "theory",
    description =
        "Checks the paper's theory on token trees small enough to enumerate: how many rewards must"
            + " be asked for to find the best response, and how near to the best policy Algorithm 1"
            + " comes with more preferences. Takes seconds.",
    footer = "Example: rto theory --out theory")
final class TheoryCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write theory.html, one page with charts, and theory.json.")
  private Path out;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "20",
      description = "Random problems to average over (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Everything follows from it (default: ${DEFAULT-VALUE}).")
  private long seed;

  TheoryCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    if (seeds < 2) {
      throw new ParameterException(
          spec.commandLine(), "seeds: " + seeds + " (expected: >= 2, for an interval)");
    }
    operations.theory(new Operations.Theory(Optional.ofNullable(out), seeds, seed));
    return 0;
  }
}
