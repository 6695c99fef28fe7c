package rto.simulation;

import java.util.List;
import java.util.Optional;
import rto.learner.LearnerEngine;
import rto.protocol.ScoredTrajectory;

/** Learns from all trajectories but the first: another result than a faithful one. */
record ForgetfulLearner(LearnerEngine inner) implements LearnerEngine {

  @Override
  public Snapshot restore(Optional<String> checkpointFolder) {
    return inner.restore(checkpointFolder);
  }

  @Override
  public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
    return inner.learn(iteration, inTaskOrder.subList(1, inTaskOrder.size()));
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
