package rto.node.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Where a cluster is. */
final class JoinOption {

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "127.0.0.1:25520",
      description = "Some nodes of the cluster, with commas (default: ${DEFAULT-VALUE}).")
  private List<String> nodes;

  List<String> nodes() {
    return List.copyOf(nodes);
  }
}
