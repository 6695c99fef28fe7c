package rto.node.cluster;

import akka.persistence.typed.SnapshotAdapter;
import rto.protocol.DeskSnapshot;

/** A journal snapshot is a record of the protocol, as events are. */
final class DeskSnapshotAdapter implements SnapshotAdapter<DeskState> {

  @Override
  public Object toJournal(DeskState state) {
    return state.snapshot();
  }

  @Override
  public DeskState fromJournal(Object snapshot) {
    return DeskState.of((DeskSnapshot) snapshot);
  }
}
