package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import akka.persistence.typed.PersistenceId;
import java.util.Comparator;
import java.util.List;
import rto.learner.PpoLearner;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.TaskOffer;
import rto.rollout.PolicyEngine;
import rto.rollout.RolloutWorker;
import rto.run.TrainingRun;
import rto.scoring.DpoScorer;
import rto.scoring.ReferenceScorer;
import rto.scoring.RewardScorer;
import rto.scoring.ScorerDoor;
import rto.scoring.TrajectoryScorer;

/**
 * Starts the rooms of a run and hands each its neighbour.
 *
 * <pre>
 *   TrainingRun ──TaskOffer──▶ RolloutWorker ──▶ ReferenceScorer ──▶ DpoScorer ──▶ RewardScorer ─┐
 *     │  ▲  (PpoLearner is its child)                 ScoreTask, through one door per room       │
 *     │  └──────────────────────────────────────────────────────────────────────────────────────┘
 *     └──TaskAccepted──▶ RolloutWorker
 * </pre>
 *
 * <table>
 *   <caption>Who waits for what</caption>
 *   <tr><th>room</th><th>waits for</th><th>unblocked by</th></tr>
 *   <tr><td>RolloutWorker</td><td>a task, its weights, the run's word</td>
 *       <td>demand, the learner, the journal</td></tr>
 *   <tr><td>scorer</td><td>a task's trajectories</td><td>the room before</td></tr>
 *   <tr><td>TrainingRun</td><td>all tasks of iteration k; the learner</td>
 *       <td>scorers; the learner</td></tr>
 *   <tr><td>PpoLearner</td><td>a full iteration</td><td>TrainingRun</td></tr>
 * </table>
 */
final class Wiring {

  /** What the three scorers' factories have in common. */
  private interface Room {
    Behavior<ScoreTask> create(
        Compute<TrajectoryScorer> scorer,
        ActorRef<ScoreTask> next,
        ActorRef<? super TaskFailed> failures);
  }

  private final ActorContext<?> context;
  private final RoomParts parts;
  private final String run;

  private Wiring(ActorContext<?> context, RoomParts parts) {
    this.context = context;
    this.parts = parts;
    this.run = parts.run();
  }

  /** Starts all rooms on one node; returns the way to the run's brain. */
  static ActorRef<RunMessage> start(ActorContext<?> context, RunParts parts) {
    var onLearners =
        ClusterSingletonSettings.create(context.getSystem()).withRole(NodeRole.LEARNER.id());
    ActorRef<RunMessage> brain =
        ClusterSingleton.get(context.getSystem())
            .init(
                SingletonActor.of(brain(TrainingRun.PERSISTENCE_ID, parts.brain()), "training-run")
                    .withSettings(onLearners));
    startRooms(context, parts.rooms(), brain);
    return brain;
  }

  /**
   * The run's brain.
   *
   * @param id under which it journals
   */
  static Behavior<RunMessage> brain(PersistenceId id, BrainParts parts) {
    var learner = PpoLearner.create(parts.learner().engine(), parts.learner().executor());
    return TrainingRun.create(
        id, parts.plan(), parts.tasks(), learner, workersKey(parts.plan().run()), parts.observer());
  }

  /** Starts the rooms that this node has, each with a door to the next one, wherever it is. */
  static void startRooms(ActorContext<?> context, RoomParts parts, ActorRef<RunMessage> brain) {
    var wiring = new Wiring(context, parts);
    wiring.startWorkers(wiring.startScorers(brain), brain);
  }

  /** From the last room to the first: each needs the address of the next one's door. */
  private ActorRef<ScoreTask> startScorers(ActorRef<RunMessage> brain) {
    ActorRef<ScoreTask> next = brain.narrow();
    List<NodeRole> backwards = parts.chain().stream().sorted(Comparator.reverseOrder()).toList();
    for (NodeRole role : backwards) {
      if (parts.scorers().containsKey(role)) {
        context.spawn(room(role).create(parts.scorers().get(role), next, brain), role.id());
      }
      next = context.spawn(ScorerDoor.create(key(role)), role.id() + "-door");
    }
    return next;
  }

  private void startWorkers(ActorRef<ScoreTask> first, ActorRef<RunMessage> brain) {
    for (int i = 0; i < parts.policies().size(); i++) {
      Compute<PolicyEngine> policy = parts.policies().get(i);
      context.spawn(
          RolloutWorker.create(
              parts.rollout(), workersKey(run), policy.engine(), policy.executor(), first, brain),
          NodeRole.ROLLOUT.id() + "-" + i);
    }
  }

  private static ServiceKey<ConsumerController.Command<TaskOffer>> workersKey(String run) {
    return ServiceKey.create(ConsumerController.serviceKeyClass(), "rollout-" + run);
  }

  private ServiceKey<ScoreTask> key(NodeRole role) {
    return switch (role) {
      case REFERENCE -> ReferenceScorer.key(run);
      case DPO -> DpoScorer.key(run);
      case REWARD -> RewardScorer.key(run);
      case LEARNER, ROLLOUT -> throw new IllegalArgumentException(role.id() + ": no scorer");
    };
  }

  private Room room(NodeRole role) {
    return switch (role) {
      case REFERENCE -> this::reference;
      case DPO -> this::dpo;
      case REWARD -> this::reward;
      case LEARNER, ROLLOUT -> throw new IllegalArgumentException(role.id() + ": no scorer");
    };
  }

  private Behavior<ScoreTask> reference(
      Compute<TrajectoryScorer> scorer,
      ActorRef<ScoreTask> next,
      ActorRef<? super TaskFailed> failures) {
    return ReferenceScorer.create(run, scorer.engine(), scorer.executor(), next, failures);
  }

  private Behavior<ScoreTask> dpo(
      Compute<TrajectoryScorer> scorer,
      ActorRef<ScoreTask> next,
      ActorRef<? super TaskFailed> failures) {
    return DpoScorer.create(run, scorer.engine(), scorer.executor(), next, failures);
  }

  private Behavior<ScoreTask> reward(
      Compute<TrajectoryScorer> scorer,
      ActorRef<ScoreTask> next,
      ActorRef<? super TaskFailed> failures) {
    return RewardScorer.create(run, scorer.engine(), scorer.executor(), next, failures);
  }
}
