package rto.node.manage;

import akka.actor.AbstractExtensionId;
import akka.actor.ClassicActorSystemProvider;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import java.util.Optional;
import rto.protocol.DeskStatus;

/** What a node knows of itself at present, one per actor system. Any thread may write and read. */
public final class NodeFacts implements Extension {

  private static final class Id extends AbstractExtensionId<NodeFacts> {
    @Override
    public NodeFacts createExtension(ExtendedActorSystem system) {
      return new NodeFacts();
    }
  }

  /** Asks a journal whether it is there; fails if not. */
  @FunctionalInterface
  public interface Probe {

    /** May take its time. */
    void check() throws Exception;
  }

  private static final Id ID = new Id();

  private volatile Optional<DeskStatus> desk = Optional.empty();
  private volatile Optional<String> roomsMissing = Optional.empty();
  private volatile Probe journal = () -> {};

  private NodeFacts() {}

  public static NodeFacts of(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** The cluster's desk is on this node, and this is what it knows. */
  public void deskIsHere(DeskStatus status) {
    desk = Optional.of(status);
  }

  /** The cluster's desk is not, or no longer, on this node. */
  public void deskIsElsewhere() {
    desk = Optional.empty();
  }

  /** The rooms of this node do all they are asked to. */
  public void roomsAreThere() {
    roomsMissing = Optional.empty();
  }

  /** The rooms of this node cannot serve the run that is on; {@code why} in one line. */
  public void roomsAreMissing(String why) {
    roomsMissing = Optional.of(why);
  }

  /** This node cannot do its work without this journal. */
  public void journalIs(Probe probe) {
    journal = probe;
  }

  Optional<DeskStatus> desk() {
    return desk;
  }

  Optional<String> roomsMissing() {
    return roomsMissing;
  }

  Probe journal() {
    return journal;
  }
}
