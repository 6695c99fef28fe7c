package rto.node.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a cluster is, and how it is spoken to. */
final class JoinOption {

  private static final List<String> TLS = List.of("tls.certificate", "tls.key", "tls.ca");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "127.0.0.1:25520",
      description = "Some nodes of the cluster, with commas (default: ${DEFAULT-VALUE}).")
  private List<String> nodes;

  @Option(
      names = "--tls",
      paramLabel = "CERTIFICATE,KEY,CA",
      description =
          "PEM files as the nodes' tls.certificate, tls.key and tls.ca; without them no TLS.")
  private String tls;

  Operations.Cluster cluster() {
    return new Operations.Cluster(List.copyOf(nodes), tls());
  }

  private List<String> tls() {
    if (tls == null) {
      return List.of();
    }
    String[] files = tls.split(",", -1);
    if (files.length != TLS.size()) {
      throw new ParameterException(
          spec.commandLine(), "tls: %s (expected: CERTIFICATE,KEY,CA)".formatted(tls));
    }
    List<String> overrides = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      overrides.add(TLS.get(i) + "=" + files[i]);
    }
    return List.copyOf(overrides);
  }
}
