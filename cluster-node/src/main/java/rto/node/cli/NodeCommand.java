package rto.node.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "node",
    description =
        "Joins a cluster and serves whatever run is on, until it is told to leave (Ctrl-C, SIGTERM,"
            + " rto drain).",
    exitCodeList = {
      "0:drained",
      "2:a mistake in the command or in the settings",
      "143:left after SIGTERM",
      "255:thrown out of the cluster, no cluster to join, or the journal is lost: start it again"
    },
    footer = "Example: rto node --roles rollout --join 10.0.0.1:25520 resources.rollout-workers=2")
final class NodeCommand implements Callable<Integer> {

  private final Operations operations;

  @Spec private CommandSpec spec;

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      description =
          "What it does, with commas: learner, rollout, reference, dpo, reward (default: all).")
  private String roles;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      description = "Nodes to join, with commas; without any it begins a cluster.")
  private String join;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where others reach it; 0 takes a free one (default: 25520).")
  private Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Holds the folders of the runs, the same for all nodes (default: runs).")
  private String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings of nodes: cluster-node/src/main/resources/node-defaults.conf.")
  private Path config;

  @Option(names = "--with-parent", hidden = true)
  private boolean withParent;

  @Parameters(
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that differ from the file.")
  private List<String> overrides = List.of();

  NodeCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public Integer call() throws Exception {
    if (config != null) {
      Arguments.file(spec, "config", config);
    }
    List<String> all = new ArrayList<>();
    add(all, "roles", list(roles));
    add(all, "join", list(join));
    add(all, "port", port);
    add(all, "data", data);
    all.addAll(Arguments.overrides(spec, overrides));
    operations.node(new Operations.Node(Optional.ofNullable(config), List.copyOf(all), withParent));
    return 0;
  }

  private static void add(List<String> overrides, String key, Object value) {
    if (value != null) {
      overrides.add(key + "=" + value);
    }
  }

  /** {@code a,b} as HOCON. */
  private static String list(String items) {
    return items == null || items.isEmpty()
        ? null
        : "[\"" + String.join("\", \"", items.split("\\s*,\\s*")) + "\"]";
  }
}
