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
    name = "local",
    description =
        "Trains as rto train does, with the same digest, on a cluster of processes on this machine."
            + " A process that dies is started again.",
    footer = {
      "Typed again after an interruption, it goes on where it was.",
      "Example: rto local --rollouts 3 config/quickstart.conf"
    })
final class LocalCommand implements Callable<Integer> {

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

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the run lives (default: runs/ and the name of CONFIG).")
  private Path out;

  @Option(
      names = "--learners",
      paramLabel = "N",
      defaultValue = "1",
      description = "Processes with a learner; one is at work, the others stand by.")
  private int learners;

  @Option(names = "--rollouts", paramLabel = "N", defaultValue = "1")
  private int rollouts;

  @Option(names = "--references", paramLabel = "N", defaultValue = "1")
  private int references;

  @Option(names = "--dpos", paramLabel = "N", defaultValue = "1")
  private int dpos;

  @Option(
      names = "--rewards",
      paramLabel = "N",
      defaultValue = "1",
      description = "Processes of the other roles (default: one of each).")
  private int rewards;

  LocalCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    Arguments.file(spec, "config", config);
    operations.local(
        new Operations.Local(
            config,
            Optional.ofNullable(out).orElseGet(() -> Arguments.folderFor(config)),
            Arguments.positive(spec, "learners", learners),
            Arguments.positive(spec, "rollouts", rollouts),
            Arguments.positive(spec, "references", references),
            Arguments.positive(spec, "dpos", dpos),
            Arguments.positive(spec, "rewards", rewards),
            Arguments.overrides(spec, overrides)));
    return 0;
  }
}
