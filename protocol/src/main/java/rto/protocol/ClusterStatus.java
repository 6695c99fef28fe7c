package rto.protocol;

import java.util.List;
import java.util.Optional;

/**
 * The cluster as one node sees it.
 *
 * @param nodes by address
 * @param desk empty if the desk has never answered
 * @param waitingFor one line that names what this node awaits, from whom and since when; empty if
 *     nothing is
 */
public record ClusterStatus(List<Node> nodes, Optional<DeskStatus> desk, String waitingFor)
    implements WireMessage {

  /**
   * A member of the cluster.
   *
   * @param address {@code host:port}
   * @param state joining, up, leaving, exiting, down or unreachable
   * @param version of the program
   */
  public record Node(String address, List<String> roles, String state, String version) {

    public Node {
      roles = List.copyOf(roles);
    }
  }

  public ClusterStatus {
    nodes = List.copyOf(nodes);
  }
}
