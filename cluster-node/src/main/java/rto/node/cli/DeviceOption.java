package rto.node.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import rto.tensor.ComputeDevice;

/** The option of every command that computes with a model outside of a run. */
final class DeviceOption {

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "What computes: cpu, or gpu:0, gpu:1, .. (default: ${DEFAULT-VALUE}).")
  private String name;

  /**
   * The device, be it there or not.
   *
   * @throws ParameterException if none can be called so
   */
  ComputeDevice device(CommandSpec spec) {
    try {
      return new ComputeDevice(name);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
    }
  }
}
