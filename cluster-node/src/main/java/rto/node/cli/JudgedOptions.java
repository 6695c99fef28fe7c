package rto.node.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import rto.data.catalog.GoldRewards;

/** The options of commands in which a gold reward judges a model's responses. */
final class JudgedOptions {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A model in the Hugging Face layout; each stage of a run leaves one.")
  Path model;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      required = true,
      description = "JSON Lines with {\"prompt\": ...}, plain or gzip.")
  Path prompts;

  @Option(
      names = "--reward",
      paramLabel = "NAME",
      required = true,
      description = "The gold reward that judges the responses; an unknown name lists them.")
  private String reward;

  /**
   * The reward's name.
   *
   * @throws ParameterException if there is none of this name
   */
  String reward(CommandSpec spec) {
    try {
      GoldRewards.requireKnown(reward);
      return reward;
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
    }
  }
}
