package rto.node.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "preferences",
    description =
        "Makes preference data: a model writes two responses per prompt, a gold reward chooses"
            + " between them with Bradley-Terry noise.",
    footer =
        "Example: rto preferences --model DIR --prompts prompts.jsonl --reward sentiment --out"
            + " pairs.jsonl")
final class PreferencesCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Mixin private JudgedOptions judged;

  @Mixin private SamplingOptions sampling;

  @Mixin private DeviceOption device;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where to write JSON Lines {\"prompt\", \"chosen\", \"rejected\"}.")
  private Path out;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description =
          "Part of the prompts whose pairs go to held-out-FILE, to measure with (default:"
              + " ${DEFAULT-VALUE}).")
  private double heldOut;

  @Option(
      names = "--label-temperature",
      paramLabel = "T",
      defaultValue = "1",
      description =
          "Noise of the labels: P(a over b) = sigmoid((a - b) / T); 0 is none (default:"
              + " ${DEFAULT-VALUE}).")
  private double labelTemperature;

  PreferencesCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    if (sampling.sampling(spec).temperature() == 0) {
      throw new ParameterException(
          spec.commandLine(), "temperature: 0 (expected: > 0, so that two responses can differ)");
    }
    if (!(0 <= heldOut && heldOut < 1)) {
      throw new ParameterException(
          spec.commandLine(), "held-out: " + heldOut + " (expected: in [0, 1))");
    }
    if (!(labelTemperature >= 0 && Double.isFinite(labelTemperature))) {
      throw new ParameterException(
          spec.commandLine(), "label-temperature: " + labelTemperature + " (expected: >= 0)");
    }
    operations.preferences(
        new Operations.Preferences(
            Arguments.folder(spec, "model", judged.model),
            Arguments.file(spec, "prompts", judged.prompts),
            judged.reward(spec),
            sampling.sampling(spec),
            sampling.seed(),
            out,
            heldOut,
            labelTemperature,
            device.device(spec)));
    return 0;
  }
}
