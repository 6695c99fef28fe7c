package rto.algorithm;

import java.util.List;
import java.util.Optional;
import rto.protocol.Require;
import rto.protocol.ScoredTrajectory;

/**
 * How far the sampling policy is from the reference, by the k1 estimator [P eq. 2.3]:
 *
 * <pre>
 *   k_h = log π_old(y_h|s_h) − log π_ref(y_h|s_h),   E Σ_h k_h = KL(π_old ‖ π_ref) of a response
 * </pre>
 *
 * A single k_h may be negative; only its expectation is a divergence.
 */
public final class KlEstimate {

  private KlEstimate() {}

  /** Returns k_h [H] in nats. */
  public static double[] perToken(ScoredTrajectory scored) {
    float[] policy = RewardTerms.logProbs("policy", Optional.of(scored.trajectory().logProbs()));
    float[] reference = RewardTerms.logProbs("reference", scored.reference());
    double[] k = new double[policy.length];
    for (int h = 0; h < k.length; h++) {
      k[h] = (double) policy[h] - reference[h];
    }
    return k;
  }

  /** Returns the mean over responses of Σ_h k_h, in nats per response. */
  public static double perResponse(List<ScoredTrajectory> scored) {
    Require.that(!scored.isEmpty(), "trajectories: none (expected: at least one)");
    double sum = 0;
    for (ScoredTrajectory one : scored) {
      for (double k : perToken(one)) {
        sum += k;
      }
    }
    return sum / scored.size();
  }
}
