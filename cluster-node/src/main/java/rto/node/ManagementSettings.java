package rto.node;

import static rto.protocol.Require.problem;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import rto.protocol.Require;

/**
 * Where a node tells how it is, over HTTP: {@code /alive}, {@code /ready}, {@code /metrics} and
 * {@code /cluster/members}, nothing of which changes anything.
 *
 * @param host the node's own unless given
 * @param port off: it listens nowhere; 0 takes a free one
 */
record ManagementSettings(Optional<String> host, OptionalInt port) {

  ManagementSettings {
    Require.all(
        problem(
            port.isEmpty() || port.getAsInt() >= 0 && port.getAsInt() <= 65535,
            "port: %s (expected: in [0, 65535] or off)",
            text(port)));
  }

  boolean isOn() {
    return port.isPresent();
  }

  String portText() {
    return text(port);
  }

  /** Akka's settings, on the host that {@code node} has. */
  Map<String, Object> akka(String node) {
    return isOn()
        ? Map.of(
            "akka.management.http.hostname",
            host.orElse(node),
            "akka.management.http.port",
            port.getAsInt())
        : Map.of();
  }

  private static String text(OptionalInt port) {
    return port.isPresent() ? Integer.toString(port.getAsInt()) : "off";
  }
}
