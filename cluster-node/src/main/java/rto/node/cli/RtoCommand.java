package rto.node.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code rto}; alone it prints its help. */
@Command(
    name = "rto",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    usageHelpAutoWidth = true,
    description = "Trains language models by Reinforced Token Optimization.",
    synopsisSubcommandLabel = "COMMAND",
    descriptionHeading = "%n",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the last line says why",
      "2:a mistake in the command or in the settings"
    })
public final class RtoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-X", "--debug"},
      scope = ScopeType.INHERIT,
      description = "Print the whole stack trace of a failure.")
  private boolean debug;

  private RtoCommand() {}

  /** The whole tree; {@link CommandLine#execute} returns the exit status. */
  public static CommandLine create(Operations operations) {
    var root = new RtoCommand();
    var line =
        new CommandLine(root)
            .addSubcommand(new QuickstartCommand(operations))
            .addSubcommand(new TrainCommand(operations))
            .addSubcommand(new ResumeCommand(operations))
            .addSubcommand(new CompareCommand(operations))
            .addSubcommand(new GenerateCommand(operations))
            .addSubcommand(new EvaluateCommand(operations))
            .addSubcommand(new PreferencesCommand(operations))
            .addSubcommand(new MergeCommand(operations))
            .addSubcommand(new TheoryCommand(operations))
            .addSubcommand(new BenchCommand(operations))
            .addSubcommand(JournalCommand.create(operations))
            .addSubcommand(new LocalCommand(operations))
            .addSubcommand(new NodeCommand(operations))
            .addSubcommand(new SubmitCommand(operations))
            .addSubcommand(new ControlCommands.Status(operations))
            .addSubcommand(new ControlCommands.Pause(operations))
            .addSubcommand(new ControlCommands.Continue(operations))
            .addSubcommand(new ControlCommands.Stop(operations))
            .addSubcommand(new ControlCommands.Drain(operations));
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Failures::usage)
        .setExecutionStrategy(parsed -> runLast(parsed, root))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> Failures.report(failure, command, root.debug));
  }

  /** Picocli hands exceptions to a handler, but lets errors, like a lack of memory, pass. */
  private static int runLast(ParseResult parsed, RtoCommand root) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error error) {
      return Failures.report(error, parsed.commandSpec().commandLine(), root.debug);
    }
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }
}
