package rto.node.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = "Lets a model write a response to a prompt.",
    footer = {
      "Example: rto generate --model runs/quickstart-1/rto \\",
      "  --prompt \"tell a happy story about the king and the kite .\""
    })
final class GenerateCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A model in the Hugging Face layout; each stage of a run leaves one.")
  private Path model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "What to respond to.")
  private String prompt;

  @Option(
      names = "--chat",
      description = "The prompt is what a user says: render it by the model's chat template.")
  private boolean chat;

  @Mixin private SamplingOptions sampling;

  @Mixin private DeviceOption device;

  GenerateCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    operations.generate(
        new Operations.Generate(
            Arguments.folder(spec, "model", model),
            prompt,
            sampling.sampling(spec),
            sampling.seed(),
            chat,
            device.device(spec)));
    return 0;
  }
}
