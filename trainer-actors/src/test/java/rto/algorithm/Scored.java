package rto.algorithm;

import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;

/** Scored trajectories for tests: only the numbers that a formula reads matter. */
final class Scored {

  private Scored() {}

  static ScoredTrajectory of(float[] policy, float[] reference, float[] dpo, double reward) {
    return of(policy, reference, dpo, reward, false);
  }

  static ScoredTrajectory of(
      float[] policy, float[] reference, float[] dpo, double reward, boolean truncated) {
    return unscored(policy, truncated).withReference(reference).withDpo(dpo).withReward(reward);
  }

  static ScoredTrajectory unscored(float[] policy, boolean truncated) {
    Prompt prompt = new Prompt(0, new int[] {1});
    return ScoredTrajectory.unscored(
        new Trajectory(prompt, 0, new int[policy.length], policy, truncated, 0));
  }

  static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
