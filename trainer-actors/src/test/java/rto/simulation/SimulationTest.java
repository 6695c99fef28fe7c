package rto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.protocol.RolloutTask;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.run.RunPlan;

/**
 * Workers come, fail and die in an order drawn from a seed; what is learned does not change. A
 * failure names the seed.
 */
class SimulationTest {

  private static final House HOUSE = new House();
  // One checkpoint, at the end: the journal keeps everything until then.
  private static final RunPlan ON_POLICY = Tasks.plan("simulated", 3, 6, 3);
  private static final RunPlan ONE_BEHIND = Tasks.plan("simulated", 4, 6, 4, 1);

  @AfterAll
  static void close() {
    HOUSE.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void resultDependsNeitherOnTheNumberOfWorkersNorOnTheirOrderNorOnTheirDeaths(long seed) {
    simulate(seed, ON_POLICY);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void norDoesItWhereRolloutsOverlapWithLearning(long seed) {
    simulate(seed, ONE_BEHIND);
  }

  private static void simulate(long seed, RunPlan plan) {
    HOUSE.clear();
    var outcome = new Outcome();
    var run = HOUSE.startRun(plan, new HashingLearner.Disk().newLearner(), outcome);
    var chaos = new Chaos(seed, plan, run, HOUSE.startScorers(plan, run));

    IntStream.rangeClosed(0, (int) (seed % 4)).forEach(worker -> chaos.startWorker());

    assertThat(outcome.await()).as("seed " + seed).isEqualTo(PlainLoop.digest(plan));
    assertThat(acceptedTasks()).as("seed " + seed).doesNotHaveDuplicates();
  }

  private static List<TaskId> acceptedTasks() {
    return HOUSE.events().stream()
        .filter(TrajectoriesAccepted.class::isInstance)
        .map(event -> ((TrajectoriesAccepted) event).id())
        .toList();
  }

  /** Draws deaths and failures; used on the one compute thread of all workers. */
  private static final class Chaos {

    private final Random random;
    private final ShuffledExecutor thread;
    private final RunPlan plan;
    private final ActorRef<RunMessage> run;
    private final ActorRef<ScoreTask> scorers;
    private final Map<TaskId, Integer> failures = new HashMap<>();
    private int deaths = 0;

    Chaos(long seed, RunPlan plan, ActorRef<RunMessage> run, ActorRef<ScoreTask> scorers) {
      this.plan = plan;
      this.random = new Random(seed);
      this.thread = new ShuffledExecutor(seed);
      this.run = run;
      this.scorers = scorers;
    }

    void startWorker() {
      var policy = new MortalPolicy(this);
      policy.worker.set(HOUSE.startWorker(plan, policy, thread, scorers, run));
    }

    /** A worker dies, with all that it holds, and another one comes. */
    void perhapsKill(ActorRef<Void> worker) {
      if (deaths < 4 && random.nextInt(4) == 0) {
        deaths++;
        HOUSE.kill(worker);
        startWorker();
      }
    }

    /** At most two failures of one task: the third would stop the run. */
    void perhapsFail(TaskId id) {
      if (random.nextInt(5) == 0 && failures.merge(id, 1, Integer::sum) <= 2) {
        throw new IllegalStateException("simulated failure of task " + id);
      }
    }
  }

  private static final class MortalPolicy extends HashingPolicy {

    private final Chaos chaos;
    private final AtomicReference<ActorRef<Void>> worker = new AtomicReference<>();

    MortalPolicy(Chaos chaos) {
      this.chaos = chaos;
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      chaos.perhapsFail(task.id());
      if (worker.get() != null) {
        chaos.perhapsKill(worker.get());
      }
      return super.sample(task);
    }
  }
}
