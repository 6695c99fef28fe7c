package rto.protocol;

import akka.actor.typed.ActorRef;

/**
 * What users ask of one node. A node also takes what is for the desk or the run, and passes it on.
 */
public sealed interface NodeMessage extends WireMessage {

  /** Who is there, and where is the run? */
  record GetCluster(ActorRef<ClusterStatus> replyTo) implements NodeMessage {}

  /**
   * Let a node hand its work over and leave.
   *
   * @param node its address, {@code host:port}
   */
  record Drain(String node, ActorRef<DeskReply> replyTo) implements NodeMessage {}

  /**
   * The node's process is dead, as one knows who saw it die: wait for it no longer.
   *
   * @param node its address, {@code host:port}
   */
  record NodeDied(String node) implements NodeMessage {}
}
