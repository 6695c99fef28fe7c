package rto.node.cluster;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;

/**
 * This node cannot keep its promises: it leaves, and its process ends with status 255, upon which a
 * supervisor starts it again. The setting that maps this class to the status is in akka-node.conf.
 */
public final class NodeFailure implements CoordinatedShutdown.Reason {

  private final String why;

  private NodeFailure(String why) {
    this.why = why;
  }

  /** Says why, and ends the process. */
  public static void leave(ActorSystem<?> system, String why) {
    system.log().error("this node leaves: {}", why);
    CoordinatedShutdown.get(system).runAll(new NodeFailure(why));
  }

  @Override
  public String toString() {
    return "NodeFailure(" + why + ")";
  }
}
