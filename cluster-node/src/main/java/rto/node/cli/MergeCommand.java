package rto.node.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "merge",
    description = "Adds an adapter to its base: a model for programs that read no adapters.",
    footer = "Example: rto merge --adapter runs/small/rto --out runs/small/merged")
final class MergeCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      required = true,
      description = "An adapter in PEFT's layout; a run with adapters leaves some.")
  private Path adapter;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Its base, if not the one that adapter_config.json names.")
  private Path model;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where to write the model; must not be there yet.")
  private Path out;

  MergeCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    operations.merge(
        new Operations.Merge(
            Arguments.folder(spec, "adapter", adapter),
            Optional.ofNullable(model).map(base -> Arguments.folder(spec, "model", base)),
            Arguments.newFolder(spec, "out", out)));
    return 0;
  }
}
