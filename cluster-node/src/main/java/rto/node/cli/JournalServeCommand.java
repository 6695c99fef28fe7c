package rto.node.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description =
        "Serves a journal to the processes of this machine, on 127.0.0.1 alone, until it is told to"
            + " end. Makes it if there is none. Nodes must say the password that the environment's"
            + " RTO_JOURNAL_PASSWORD has.",
    footer = "Example: rto journal serve --data journal --port 9123")
final class JournalServeCommand implements Callable<Integer> {

  private static final int LAST_PORT = 65535;

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Where the journal lies; a folder of its own.")
  private Path folder;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9123",
      description =
          "Where it listens; 0 takes a free one and prints it (default: ${DEFAULT-VALUE}).")
  private int port;

  JournalServeCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > LAST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "port: " + port + " (expected: in [0, " + LAST_PORT + "])");
    }
    operations.journalServe(new Operations.JournalServe(folder, port));
    return 0;
  }
}
