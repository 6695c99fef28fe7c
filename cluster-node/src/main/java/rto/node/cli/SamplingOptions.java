package rto.node.cli;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import rto.protocol.Sampling;

/** The options of every command that lets a model write. */
final class SamplingOptions {

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Longest response, in tokens (default: ${DEFAULT-VALUE}).")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description = "Below 1 is more careful, above 1 bolder (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Choose among the K most likely tokens (default: all).")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Choose among the most likely tokens that make up P of the probability.")
  private Double topP;

  @Option(names = "--greedy", description = "Always take the most likely token.")
  private boolean greedy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed gives the same responses (default: ${DEFAULT-VALUE}).")
  private long seed;

  long seed() {
    return seed;
  }

  /**
   * @throws ParameterException if a value is out of range
   */
  Sampling sampling(CommandSpec spec) {
    try {
      return greedy
          ? Sampling.greedy(maxNewTokens)
          : new Sampling(
              temperature,
              topK == null ? OptionalInt.empty() : OptionalInt.of(topK),
              topP == null ? OptionalDouble.empty() : OptionalDouble.of(topP),
              maxNewTokens);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(spec.commandLine(), outOfRange.getMessage(), outOfRange);
    }
  }
}
