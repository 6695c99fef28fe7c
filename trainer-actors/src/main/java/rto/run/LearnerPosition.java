package rto.run;

import akka.actor.typed.ActorRef;
import rto.protocol.LearnerReply.Learned;
import rto.protocol.LearnerReply.Restored;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsRequest;

/**
 * How far the learner is; behind the journal while a restarted run catches up.
 *
 * @param weights its policy; the version is the number of iterations learned
 * @param digest of its whole state
 * @param weightsFrom who hands out the bytes of its versions
 * @param saved the version of the newest checkpoint that it read or wrote in this life
 */
record LearnerPosition(
    WeightsRef weights, String digest, ActorRef<WeightsRequest> weightsFrom, int saved) {

  static LearnerPosition of(Restored reply) {
    int version = reply.weights().version();
    return new LearnerPosition(reply.weights(), reply.digest(), reply.weightsFrom(), version);
  }

  LearnerPosition after(Learned reply) {
    return new LearnerPosition(reply.weights(), reply.digest(), weightsFrom, saved);
  }

  /** Its present state is a checkpoint. */
  LearnerPosition afterCheckpoint() {
    return new LearnerPosition(weights, digest, weightsFrom, learned());
  }

  int learned() {
    return weights.version();
  }
}
