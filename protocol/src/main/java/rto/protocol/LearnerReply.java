package rto.protocol;

import akka.actor.typed.ActorRef;
import java.util.Map;

/** What the learner answers. */
public sealed interface LearnerReply {

  /**
   * The state of a checkpoint, or the first one, is in memory.
   *
   * @param weightsFrom who hands out the bytes of this version and of all that follow
   */
  record Restored(WeightsRef weights, String digest, ActorRef<WeightsRequest> weightsFrom)
      implements LearnerReply {}

  /**
   * The checkpoint is not what was written, or is not there. The learner has no state, and can be
   * told to start from another one.
   *
   * @param reason names the folder or a file in it
   */
  record CheckpointDamaged(String folder, String reason) implements LearnerReply {}

  /** One iteration is learned; the next policy version can be pulled. */
  record Learned(int iteration, WeightsRef weights, String digest, Map<String, Double> metrics)
      implements LearnerReply {}

  /** The checkpoint is on disk and verified. */
  record CheckpointDone(int iteration, String folder, String digest) implements LearnerReply {}

  /** Old checkpoints are removed. */
  record CheckpointsDropped() implements LearnerReply {}

  /** The learner could not do what it was told; its state is not to be used any more. */
  record LearnerFailed(String what, Throwable cause) implements LearnerReply {}
}
