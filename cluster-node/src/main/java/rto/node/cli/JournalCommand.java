package rto.node.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The branch {@code rto journal}; alone it prints its help. */
@Command(
    name = "journal",
    description = "Makes and serves the database that keeps what a run has decided.",
    synopsisSubcommandLabel = "COMMAND")
final class JournalCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  private JournalCommand() {}

  static CommandLine create(Operations operations) {
    return new CommandLine(new JournalCommand())
        .addSubcommand(new JournalCreateCommand(operations))
        .addSubcommand(new JournalServeCommand(operations));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }
}
