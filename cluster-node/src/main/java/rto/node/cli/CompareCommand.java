package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "compare",
    description =
        "Trains several objectives from the same models and data, over several seeds, and tells"
            + " their differences with 95%% intervals: compare.json, compare.md and a page.",
    footer = {
      "Typed again after an interruption, it goes on where it was; arms and seeds may be added.",
      "--arms and --seeds say what is made now; the pages tell all that is there.",
      "Example: rto compare config/compare-micro-world.conf --arms ppo,rto --seeds 3"
    })
final class CompareCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "CONFIG",
      description = "The shared settings and, in the section compare, the arms.")
  private Path config;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that differ from the file, for all arms.")
  private List<String> overrides = List.of();

  @Option(
      names = "--arms",
      paramLabel = "NAME",
      split = ",",
      description = "Only these (default: all of CONFIG).")
  private List<String> arms = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "So many, from compare.first-seed on (default: as CONFIG says).")
  private Integer seeds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the comparison lives (default: runs/ and the name of CONFIG).")
  private Path out;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Runs at a time, which share the cores; changes no result (default: one per core).")
  private Integer parallel;

  CompareCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    Arguments.file(spec, "config", config);
    int cores = Runtime.getRuntime().availableProcessors();
    operations.compare(
        new Operations.Compare(
            config,
            Optional.ofNullable(out).orElseGet(() -> Arguments.folderFor(config)),
            List.copyOf(arms),
            seeds == null
                ? OptionalInt.empty()
                : OptionalInt.of(Arguments.positive(spec, "seeds", seeds)),
            parallel == null ? cores : Arguments.positive(spec, "parallel", parallel),
            Arguments.shared(spec, overrides)));
    return 0;
  }
}
