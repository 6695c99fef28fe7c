package rto.simulation;

import java.util.List;
import java.util.Optional;
import rto.learner.LearnerEngine;
import rto.protocol.ScoredTrajectory;

/** Restores, but never learns. */
record FailingLearner(LearnerEngine inner, String reason) implements LearnerEngine {

  @Override
  public Snapshot restore(Optional<String> checkpointFolder) {
    return inner.restore(checkpointFolder);
  }

  @Override
  public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
    throw new IllegalStateException(reason);
  }

  @Override
  public Written writeCheckpoint(int iteration) {
    return inner.writeCheckpoint(iteration);
  }

  @Override
  public void dropCheckpoints(List<String> needed) {
    inner.dropCheckpoints(needed);
  }
}
