package rto.node.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "resume",
    description =
        "Goes on with an interrupted run, with the settings it was started with. It ends with the"
            + " same digest as if it had never been interrupted.",
    footer = "Example: rto resume runs/quickstart-1")
final class ResumeCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "The run's folder.")
  private Path folder;

  ResumeCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    operations.resume(new Operations.Resume(Arguments.folder(spec, "run", folder)));
    return 0;
  }
}
