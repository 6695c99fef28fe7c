package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Trains a model as a settings file says. See the files in config/.",
    footer = {
      "Typed again after an interruption, it goes on where it was.",
      "Example: rto train config/stories260k.conf model.path=DIR \\",
      "  rto.policy-learning-rate=1e-4"
    })
final class TrainCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "CONFIG", description = "The settings, in HOCON.")
  private Path config;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      arity = "0..*",
      description =
          "Settings that differ from the file. A value that begins with [ { \" or $, and null, is"
              + " read as HOCON; any other is taken as it stands.")
  private List<String> overrides = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the run lives (default: runs/ and the name of CONFIG).")
  private Path out;

  TrainCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    Arguments.file(spec, "config", config);
    Path folder = Optional.ofNullable(out).orElseGet(() -> Arguments.folderFor(config));
    operations.train(new Operations.Train(config, folder, Arguments.overrides(spec, overrides)));
    return 0;
  }
}
