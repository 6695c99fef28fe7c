package rto.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Optional;

/**
 * What the run tells the learner. The learner is the run's child on the same node: these messages
 * never cross the wire.
 */
public sealed interface LearnerCommand {

  /** Start from this checkpoint folder, or from the run's first policy if there is none. */
  record Restore(Optional<String> checkpoint, ActorRef<LearnerReply> replyTo)
      implements LearnerCommand {}

  /** Learn from all trajectories of one iteration, in task order. */
  record Learn(int iteration, List<ScoredTrajectory> trajectories, ActorRef<LearnerReply> replyTo)
      implements LearnerCommand {

    public Learn {
      trajectories = List.copyOf(trajectories);
    }
  }

  /** Write the present state to disk, whole or not at all, and read it back. */
  record WriteCheckpoint(int iteration, ActorRef<LearnerReply> replyTo) implements LearnerCommand {}

  /**
   * A newer checkpoint is journalled: remove old ones.
   *
   * @param needed folders from which the run may still start
   */
  record DropCheckpoints(List<String> needed, ActorRef<LearnerReply> replyTo)
      implements LearnerCommand {

    public DropCheckpoints {
      needed = List.copyOf(needed);
    }
  }
}
