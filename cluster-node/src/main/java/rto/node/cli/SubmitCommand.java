package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "submit",
    description = "Hands a run to a cluster. Submitted again after rto stop, it goes on.",
    footer = "Example: rto submit config/quickstart.conf --join 10.0.0.1:25520 --follow")
final class SubmitCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "CONFIG", description = "The settings, in HOCON.")
  private Path config;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that differ from the file.")
  private List<String> overrides = List.of();

  @Mixin private JoinOption join;

  @Option(
      names = "--out",
      paramLabel = "NAME",
      description = "The run's name and its folder in the nodes' data (default: that of CONFIG).")
  private String name;

  @Option(names = "--follow", description = "Wait for the run's end and print its results.")
  private boolean follow;

  SubmitCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    Arguments.file(spec, "config", config);
    String run =
        Optional.ofNullable(name)
            .orElseGet(() -> Arguments.folderFor(config).getFileName().toString());
    operations.submit(
        new Operations.Submit(
            config,
            Arguments.name(spec, "out", run),
            join.nodes(),
            follow,
            Arguments.overrides(spec, overrides)));
    return 0;
  }
}
