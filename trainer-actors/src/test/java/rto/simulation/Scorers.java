package rto.simulation;

import java.util.List;
import java.util.function.UnaryOperator;
import rto.protocol.ScoredTrajectory;
import rto.scoring.TrajectoryScorer;

/** Columns that are simple functions of the sampling log-probabilities. */
public final class Scorers {

  private Scorers() {}

  public static final TrajectoryScorer REFERENCE =
      each(scored -> scored.withReference(times(0.5f, scored)));

  public static final TrajectoryScorer DPO = each(scored -> scored.withDpo(times(2, scored)));

  public static final TrajectoryScorer REWARD =
      each(scored -> scored.withReward(scored.trajectory().response()[0]));

  public static TrajectoryScorer each(UnaryOperator<ScoredTrajectory> column) {
    return trajectories -> trajectories.stream().map(column).toList();
  }

  private static float[] times(float factor, ScoredTrajectory scored) {
    float[] column = scored.trajectory().logProbs().clone();
    for (int t = 0; t < column.length; t++) {
      column[t] *= factor;
    }
    return column;
  }

  /** All columns, in one go. */
  public static List<ScoredTrajectory> all(List<ScoredTrajectory> trajectories) {
    return REWARD.score(DPO.score(REFERENCE.score(trajectories)));
  }
}
