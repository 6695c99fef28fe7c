package rto.train;

import java.util.ArrayList;
import java.util.List;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.protocol.ScoredTrajectory;

/**
 * The columns that the frozen models add to trajectories. Cut into micro-batches in the order
 * given, so that a task's scores depend on the task alone.
 *
 * @param temperature of the sampling distribution, which the log-probabilities must share
 */
public record Scoring(double temperature, int microBatch) {

  /** Adds log π_ref of every token. */
  public List<ScoredTrajectory> reference(Decoder model, List<ScoredTrajectory> trajectories) {
    List<float[]> logProbs = model.logProbs(sequences(trajectories), temperature, microBatch);
    List<ScoredTrajectory> scored = new ArrayList<>();
    for (int i = 0; i < trajectories.size(); i++) {
      scored.add(trajectories.get(i).withReference(logProbs.get(i)));
    }
    return scored;
  }

  /** Adds log π_dpo of every token. */
  public List<ScoredTrajectory> dpo(Decoder model, List<ScoredTrajectory> trajectories) {
    List<float[]> logProbs = model.logProbs(sequences(trajectories), temperature, microBatch);
    List<ScoredTrajectory> scored = new ArrayList<>();
    for (int i = 0; i < trajectories.size(); i++) {
      scored.add(trajectories.get(i).withDpo(logProbs.get(i)));
    }
    return scored;
  }

  /** Adds r_MLE, normalised. */
  public List<ScoredTrajectory> reward(RewardModel model, List<ScoredTrajectory> trajectories) {
    float[] scores =
        model.scores(trajectories.stream().map(ScoredTrajectory::trajectory).toList(), microBatch);
    List<ScoredTrajectory> scored = new ArrayList<>();
    for (int i = 0; i < trajectories.size(); i++) {
      scored.add(trajectories.get(i).withReward(scores[i]));
    }
    return scored;
  }

  static List<Sequence> sequences(List<ScoredTrajectory> trajectories) {
    return trajectories.stream()
        .map(s -> new Sequence(s.trajectory().prompt().tokens(), s.trajectory().response()))
        .toList();
  }
}
