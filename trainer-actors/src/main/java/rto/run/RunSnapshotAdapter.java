package rto.run;

import akka.persistence.typed.SnapshotAdapter;
import rto.protocol.RunSnapshot;

/** A journal snapshot is a list of events: nothing but events ever needs to be read back. */
final class RunSnapshotAdapter implements SnapshotAdapter<RunState> {

  @Override
  public Object toJournal(RunState state) {
    return state.snapshot();
  }

  @Override
  public RunState fromJournal(Object snapshot) {
    return RunState.after(((RunSnapshot) snapshot).events());
  }
}
