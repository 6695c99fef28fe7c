package rto.protocol.wire;

import java.util.List;
import java.util.Optional;
import rto.protocol.NodeMessage;
import rto.protocol.wire.proto.ClusterStatus;
import rto.protocol.wire.proto.Drain;
import rto.protocol.wire.proto.GetCluster;
import rto.protocol.wire.proto.NodeDied;

/** The messages of node.proto. */
final class NodeCodecs {

  private NodeCodecs() {}

  static List<Codec<?, ?>> all(ActorRefs refs) {
    return List.of(
        Codec.of(
            NodeMessage.GetCluster.class,
            GetCluster.getDefaultInstance(),
            get -> GetCluster.newBuilder().setReplyTo(refs.toAddress(get.replyTo())).build(),
            message ->
                new NodeMessage.GetCluster(refs.fromAddress("reply-to", message.getReplyTo()))),
        Codec.of(
            NodeMessage.Drain.class,
            Drain.getDefaultInstance(),
            drain ->
                Drain.newBuilder()
                    .setNode(drain.node())
                    .setReplyTo(refs.toAddress(drain.replyTo()))
                    .build(),
            message ->
                new NodeMessage.Drain(
                    message.getNode(), refs.fromAddress("reply-to", message.getReplyTo()))),
        Codec.of(
            NodeMessage.NodeDied.class,
            NodeDied.getDefaultInstance(),
            died -> NodeDied.newBuilder().setNode(died.node()).build(),
            message -> new NodeMessage.NodeDied(message.getNode())),
        Codec.of(
            rto.protocol.ClusterStatus.class,
            ClusterStatus.getDefaultInstance(),
            NodeCodecs::encodeCluster,
            NodeCodecs::decodeCluster));
  }

  private static ClusterStatus encodeCluster(rto.protocol.ClusterStatus status) {
    var message = ClusterStatus.newBuilder().setWaitingFor(status.waitingFor());
    status.desk().map(DeskCodecs::encodeStatus).ifPresent(message::setDesk);
    for (var node : status.nodes()) {
      message.addNodes(
          ClusterStatus.Node.newBuilder()
              .setAddress(node.address())
              .addAllRoles(node.roles())
              .setState(node.state())
              .setVersion(node.version()));
    }
    return message.build();
  }

  private static rto.protocol.ClusterStatus decodeCluster(ClusterStatus message) {
    return new rto.protocol.ClusterStatus(
        message.getNodesList().stream()
            .map(
                node ->
                    new rto.protocol.ClusterStatus.Node(
                        node.getAddress(),
                        List.copyOf(node.getRolesList()),
                        node.getState(),
                        node.getVersion()))
            .toList(),
        message.hasDesk()
            ? Optional.of(DeskCodecs.decodeStatus(message.getDesk()))
            : Optional.empty(),
        message.getWaitingFor());
  }
}
