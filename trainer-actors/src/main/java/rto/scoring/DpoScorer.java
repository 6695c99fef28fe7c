package rto.scoring;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.concurrent.Executor;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;

/** The room that adds log-probabilities under the DPO-trained model. */
public final class DpoScorer {

  private DpoScorer() {}

  /** Under which the rooms of one run register. */
  public static ServiceKey<ScoreTask> key(String run) {
    return ServiceKey.create(ScoreTask.class, "dpo-" + run);
  }

  /**
   * One instance of the room.
   *
   * @param compute runs one task at a time: models are not thread-safe
   * @param next the door of the next room, or the run
   * @param failures is told of tasks that cannot be scored
   */
  public static Behavior<ScoreTask> create(
      String run,
      TrajectoryScorer scorer,
      Executor compute,
      ActorRef<ScoreTask> next,
      ActorRef<? super TaskFailed> failures) {
    return ScoringRoom.create(Column.DPO, key(run), scorer, compute, next, failures);
  }
}
