package rto.scoring;

import java.util.List;
import rto.protocol.ScoredTrajectory;

/** Adds one column to each trajectory. Blocks; called on the room's compute executor only. */
@FunctionalInterface
public interface TrajectoryScorer {

  /** Returns the same trajectories in the same order, each with the room's column. */
  List<ScoredTrajectory> score(List<ScoredTrajectory> trajectories);
}
