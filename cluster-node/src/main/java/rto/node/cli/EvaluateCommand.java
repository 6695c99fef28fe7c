package rto.node.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "evaluate",
    description = "Measures a model by a gold reward, with its 95%% interval.",
    footer = "Example: rto evaluate --model DIR --prompts held-out.jsonl --reward sentiment")
final class EvaluateCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Mixin private JudgedOptions judged;

  @Mixin private SamplingOptions sampling;

  @Mixin private DeviceOption device;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Also write the responses here: JSON Lines {\"prompt\", \"response\", \"reward\","
              + " \"truncated\"}.")
  private Path out;

  @Option(
      names = "--chat",
      description =
          "Prompts are what a user says, or lists of messages: render them by the chat template.")
  private boolean chat;

  EvaluateCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    operations.evaluate(
        new Operations.Evaluate(
            Arguments.folder(spec, "model", judged.model),
            Arguments.file(spec, "prompts", judged.prompts),
            judged.reward(spec),
            sampling.sampling(spec),
            sampling.seed(),
            Optional.ofNullable(out),
            chat,
            device.device(spec)));
    return 0;
  }
}
