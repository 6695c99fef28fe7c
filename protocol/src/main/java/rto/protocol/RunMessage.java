package rto.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;

/** What rooms and users may tell the run's brain, from any node. */
public sealed interface RunMessage extends WireMessage {

  /**
   * One task's trajectories on their way through the scoring rooms; each adds its column and passes
   * the record on, the last one to the run.
   *
   * @param worker is told when the run has journalled them
   */
  record ScoreTask(
      String run, TaskId id, List<ScoredTrajectory> trajectories, ActorRef<TaskAccepted> worker)
      implements RunMessage {

    public ScoreTask {
      trajectories = List.copyOf(trajectories);
    }

    /** The same task with the columns of one more room. */
    public ScoreTask with(List<ScoredTrajectory> scored) {
      return new ScoreTask(run, id, scored, worker);
    }
  }

  /**
   * A room could not do its part of a task.
   *
   * @param where the actor that failed, for people
   * @param reason one line
   */
  record TaskFailed(String run, TaskId id, String where, String reason) implements RunMessage {}

  /** A worker has begun with a task. */
  record TaskTaken(String run, TaskId id, ActorRef<TaskAccepted> worker) implements RunMessage {}

  /**
   * A node is gone without a farewell, with all that it had in work.
   *
   * @param node its address, {@code host:port}
   */
  record NodeLost(String node) implements RunMessage {}

  /** Finish what is in work, then wait. */
  record Pause() implements RunMessage {}

  /** Go on after {@link Pause}. */
  record Continue() implements RunMessage {}

  /** Where the run is and what it waits for. */
  record GetStatus(ActorRef<RunStatus> replyTo) implements RunMessage {}
}
