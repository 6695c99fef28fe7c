package rto.learner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rto.protocol.ScoredTrajectory;
import rto.protocol.WeightsRef;

/**
 * The learning itself, without actors. All methods block, and are called one at a time on the
 * learner's compute executor. A method that throws ends the run.
 */
public interface LearnerEngine {

  /**
   * The policy at one moment.
   *
   * @param ref names {@code bytes}
   * @param digest sha256 over parameters, optimizer state and counters
   */
  record Snapshot(WeightsRef ref, byte[] bytes, String digest) {}

  /** One iteration learned: the next policy, and numbers about it by name. */
  record Step(Snapshot snapshot, Map<String, Double> metrics) {}

  /** A checkpoint on disk, read back and verified; {@code digest} is that of the state. */
  record Written(String folder, String digest) {}

  /**
   * Takes up the state of a checkpoint, or the first one; whatever was learned before is gone.
   *
   * @throws DamagedCheckpoint if that is no checkpoint any more; another one may be asked for then
   */
  Snapshot restore(Optional<String> checkpointFolder);

  /** Learns from all trajectories of one iteration; the same input gives the same digest. */
  Step learn(int iteration, List<ScoredTrajectory> inTaskOrder);

  /**
   * Writes the present state, whole or not at all. A folder of the same iteration may be there
   * already, from a process that was killed before the run could note it: it is replaced.
   */
  Written writeCheckpoint(int iteration);

  /**
   * Removes checkpoints that nobody wants any more.
   *
   * @param needed folders from which the run may still start
   */
  void dropCheckpoints(List<String> needed);
}
