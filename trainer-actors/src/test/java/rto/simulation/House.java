package rto.simulation;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.delivery.ConsumerController;
import akka.actor.typed.receptionist.ServiceKey;
import akka.persistence.testkit.JournalOperation;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.ProcessingResult;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.StorageFailure;
import akka.persistence.testkit.WriteEvents;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import rto.learner.LearnerEngine;
import rto.learner.PpoLearner;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.GetStatus;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunStatus;
import rto.protocol.TaskOffer;
import rto.rollout.PolicyEngine;
import rto.rollout.PullSettings;
import rto.rollout.RolloutSettings;
import rto.rollout.RolloutWorker;
import rto.run.RunObserver;
import rto.run.RunPlan;
import rto.run.TrainingRun;
import rto.scoring.DpoScorer;
import rto.scoring.ReferenceScorer;
import rto.scoring.RewardScorer;
import rto.scoring.ScorerDoor;
import rto.scoring.TrajectoryScorer;

/** One actor system with an in-memory journal, in which runs are started, killed and continued. */
public final class House implements AutoCloseable {

  private static final RolloutSettings ROLLOUT =
      new RolloutSettings(
          2, Duration.ofMillis(500), new PullSettings(1000, 2, Duration.ofSeconds(1), 3));

  public final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config()));
  public final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  public final SnapshotTestKit snapshots = SnapshotTestKit.create(kit.system());

  private final List<ActorRef<?>> running = new CopyOnWriteArrayList<>();

  /** A compute thread. */
  public static Executor singleThread() {
    return Executors.newSingleThreadExecutor(
        work -> {
          var thread = new Thread(work, "compute");
          thread.setDaemon(true);
          return thread;
        });
  }

  public static ServiceKey<ConsumerController.Command<TaskOffer>> workers(RunPlan plan) {
    return ServiceKey.create(ConsumerController.serviceKeyClass(), "workers-" + plan.run());
  }

  /** Starts the brain, or continues what the journal holds. */
  public ActorRef<RunMessage> startRun(RunPlan plan, LearnerEngine learner, RunObserver outcome) {
    return started(
        kit.spawn(
            TrainingRun.create(
                TrainingRun.PERSISTENCE_ID,
                plan,
                (iteration, weights) -> Tasks.of(plan, iteration, weights),
                PpoLearner.create(learner, singleThread()),
                workers(plan),
                outcome)));
  }

  /** Starts the three scoring rooms; returns the door of the first. */
  public ActorRef<ScoreTask> startScorers(RunPlan plan, ActorRef<RunMessage> run) {
    return startScorers(plan, run, Scorers.REWARD);
  }

  /** The same with another scorer of rewards. */
  ActorRef<ScoreTask> startScorers(
      RunPlan plan, ActorRef<RunMessage> run, TrajectoryScorer rewards) {
    var reward = started(kit.spawn(ScorerDoor.create(RewardScorer.key(plan.run()))));
    var dpo = started(kit.spawn(ScorerDoor.create(DpoScorer.key(plan.run()))));
    var reference = started(kit.spawn(ScorerDoor.create(ReferenceScorer.key(plan.run()))));
    String id = plan.run();
    started(kit.spawn(RewardScorer.create(id, rewards, singleThread(), run.narrow(), run)));
    started(kit.spawn(DpoScorer.create(id, Scorers.DPO, singleThread(), reward, run)));
    started(kit.spawn(ReferenceScorer.create(id, Scorers.REFERENCE, singleThread(), dpo, run)));
    return reference;
  }

  public ActorRef<Void> startWorker(
      RunPlan plan,
      PolicyEngine engine,
      Executor thread,
      ActorRef<ScoreTask> next,
      ActorRef<RunMessage> run) {
    return started(
        kit.spawn(RolloutWorker.create(ROLLOUT, workers(plan), engine, thread, next, run)));
  }

  public ActorRef<Void> startWorker(
      RunPlan plan, PolicyEngine engine, ActorRef<ScoreTask> next, ActorRef<RunMessage> run) {
    return startWorker(plan, engine, singleThread(), next, run);
  }

  /** A whole house: brain, learner, scorers and workers that never fail. */
  public Outcome start(RunPlan plan, LearnerEngine learner, int workerCount) {
    var outcome = new Outcome();
    start(plan, learner, outcome, workerCount);
    return outcome;
  }

  /** The same, with an observer of one's own. */
  public void start(RunPlan plan, LearnerEngine learner, RunObserver outcome, int workerCount) {
    var run = startRun(plan, learner, outcome);
    var door = startScorers(plan, run);
    for (int i = 0; i < workerCount; i++) {
      startWorker(plan, new HashingPolicy(), door, run);
    }
  }

  /** Returns once the run is in that phase. */
  public void awaitPhase(ActorRef<RunMessage> run, String phase) {
    TestProbe<RunStatus> probe = kit.createTestProbe();
    probe.awaitAssert(
        () -> {
          run.tell(new GetStatus(probe.getRef()));
          return assertEquals(phase, probe.receiveMessage().phase());
        });
  }

  private static Void assertEquals(String expected, String actual) {
    Assertions.assertEquals(expected, actual);
    return null;
  }

  /** Kills one actor and its children. */
  public void kill(ActorRef<?> actor) {
    running.remove(actor);
    kit.stop(actor);
  }

  /** All actors of all runs are gone afterwards; the journal stays. */
  public void stopAll() {
    running.forEach(kit::stop);
    running.clear();
  }

  /** All actors are gone afterwards, and the journal is empty and in order. */
  public void clear() {
    stopAll();
    journal.resetPolicy();
    journal.clearAll();
    snapshots.clearAll();
  }

  /** The journal fails every write after the first {@code events}: the brain dies there. */
  public void failAfter(int events) {
    var left = new AtomicInteger(events);
    journal.withPolicy((id, operation) -> allow(operation, left));
  }

  private static ProcessingResult allow(JournalOperation operation, AtomicInteger left) {
    boolean isOneTooMany = operation instanceof WriteEvents && left.getAndDecrement() <= 0;
    return isOneTooMany ? StorageFailure.create() : ProcessingSuccess.getInstance();
  }

  /** The journal snapshots that are kept of the present run. */
  public List<Object> snapshots() {
    return snapshots.persistedInStorage(TrainingRun.PERSISTENCE_ID.id()).stream()
        .map(pair -> pair.second())
        .toList();
  }

  /** What the journal holds of the present run. */
  public List<Object> events() {
    return journal.persistedInStorage(TrainingRun.PERSISTENCE_ID.id());
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }

  /** Stopped with the others. */
  public <T> ActorRef<T> started(ActorRef<T> actor) {
    running.add(actor);
    return actor;
  }
}
