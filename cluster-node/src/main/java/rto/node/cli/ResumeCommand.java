package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "resume",
    description =
        "Goes on with an interrupted run, with the settings that decide its result. It ends with"
            + " the same digest as if it had never been interrupted.",
    footer = "Example: rto resume runs/quickstart-1 resources.rollout-workers=2")
final class ResumeCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "The run's folder.")
  private Path folder;

  @Parameters(
      index = "1..*",
      paramLabel = "resources.KEY=VALUE",
      arity = "0..*",
      description =
          "What this machine gives to the run: compute-threads, rollout-workers (default: one per"
              + " core, whatever the run was started with).")
  private List<String> overrides = List.of();

  ResumeCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    operations.resume(
        new Operations.Resume(
            Arguments.folder(spec, "run", folder), Arguments.resources(spec, overrides)));
    return 0;
  }
}
