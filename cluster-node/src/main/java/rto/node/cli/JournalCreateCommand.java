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
    name = "create",
    description =
        "Makes the journal's tables where they are missing; what is there is kept. The environment's"
            + " RTO_JOURNAL_PASSWORD has the password.",
    footer = {
      "Example: rto journal create journal.type=postgres \\",
      "  journal.url=jdbc:postgresql://db:5432/rto journal.user=rto"
    })
final class JournalCreateCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that differ from the file's.")
  private List<String> overrides = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A node's settings, of which only the section journal is read.")
  private Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The node's folder; only h2-file lies there (default: this folder).")
  private Path folder;

  JournalCreateCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    Optional<Path> file = Optional.ofNullable(config).map(c -> Arguments.file(spec, "config", c));
    operations.journalCreate(
        new Operations.JournalCreate(file, folder, Arguments.overrides(spec, overrides)));
    return 0;
  }
}
