package rto.scoring;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.ScoredTrajectory;

/**
 * One room of the scoring chain: scores one task after the other and passes each on. What is not
 * fit to be learned from goes no further: the run is told which task, which room and why.
 *
 * <p>Nothing here is durable and nothing needs to be: the worker sends a task again until the run
 * has journalled it. A task that is sent again while it still waits here is not scored twice.
 */
final class ScoringRoom extends AbstractBehavior<Object> {

  private record Scored(ScoreTask task, List<ScoredTrajectory> trajectories) {}

  private record Failed(ScoreTask task, Throwable cause) {}

  // Workers have one task in work per slot, so this is room for 256 slots; the rest is sent again.
  private static final int MAX_WAITING = 256;

  private final Column column;
  private final TrajectoryScorer scorer;
  private final Executor compute;
  private final ActorRef<ScoreTask> next;
  private final ActorRef<? super TaskFailed> run;
  private final Deque<ScoreTask> waiting = new ArrayDeque<>();

  static Behavior<ScoreTask> create(
      Column column,
      ServiceKey<ScoreTask> key,
      TrajectoryScorer scorer,
      Executor compute,
      ActorRef<ScoreTask> next,
      ActorRef<? super TaskFailed> run) {
    return Behaviors.<Object>setup(
            context -> {
              var self = context.getSelf().<ScoreTask>narrow();
              context.getSystem().receptionist().tell(Receptionist.register(key, self));
              return new ScoringRoom(context, column, scorer, compute, next, run);
            })
        .narrow();
  }

  private ScoringRoom(
      ActorContext<Object> context,
      Column column,
      TrajectoryScorer scorer,
      Executor compute,
      ActorRef<ScoreTask> next,
      ActorRef<? super TaskFailed> run) {
    super(context);
    this.column = column;
    this.scorer = scorer;
    this.compute = compute;
    this.next = next;
    this.run = run;
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(ScoreTask.class, this::onTask)
        .onMessage(Scored.class, this::onScored)
        .onMessage(Failed.class, this::onFailed)
        .build();
  }

  private Behavior<Object> onTask(ScoreTask task) {
    if (waiting.stream().anyMatch(other -> isSame(other, task))) {
      getContext().getLog().debug("task {}: is waiting already", task.id());
    } else if (waiting.size() == MAX_WAITING) {
      getContext().getLog().warn("task {}: {} tasks wait here, dropped", task.id(), MAX_WAITING);
    } else {
      waiting.add(task);
      scoreIfIdle();
    }
    return this;
  }

  private Behavior<Object> onScored(Scored scored) {
    var problem = firstProblem(scored);
    problem.ifPresentOrElse(
        reason -> refuse(scored.task(), reason),
        () -> next.tell(scored.task().with(scored.trajectories())));
    return scoreNext();
  }

  private Behavior<Object> onFailed(Failed failed) {
    getContext().getLog().error("task " + failed.task().id(), failed.cause());
    refuse(failed.task(), failed.cause().toString());
    return scoreNext();
  }

  private void refuse(ScoreTask task, String reason) {
    String where = getContext().getSelf().path().toString();
    getContext().getLog().warn("{}: task {}: {}", where, task.id(), reason);
    run.tell(new TaskFailed(task.run(), task.id(), where, column.title() + ": " + reason));
  }

  private Behavior<Object> scoreNext() {
    waiting.remove();
    waiting.stream().findFirst().ifPresent(this::score);
    return this;
  }

  // The task in work stays at the head of the queue until it is done.
  private void scoreIfIdle() {
    if (waiting.size() == 1) {
      score(waiting.peek());
    }
  }

  private void score(ScoreTask task) {
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> scorer.score(task.trajectories()), compute),
            // A future from supplyAsync wraps what was thrown.
            (scored, failure) ->
                failure == null ? new Scored(task, scored) : new Failed(task, failure.getCause()));
  }

  private Stream<String> problems(Scored scored) {
    var before = scored.task().trajectories();
    var after = scored.trajectories();
    if (after.size() != before.size()) {
      return Stream.of(after.size() + " trajectories (expected: " + before.size() + ")");
    }
    return IntStream.range(0, after.size())
        .boxed()
        .flatMap(i -> column.problem(after.get(i)).map(p -> "trajectory " + i + ": " + p).stream());
  }

  private Optional<String> firstProblem(Scored scored) {
    return problems(scored).findFirst();
  }

  private static boolean isSame(ScoreTask one, ScoreTask other) {
    return one.id().equals(other.id()) && one.worker().equals(other.worker());
  }
}
