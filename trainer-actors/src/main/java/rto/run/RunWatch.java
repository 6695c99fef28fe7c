package rto.run;

import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunStatus;
import rto.protocol.TaskId;

/**
 * Knows what a run waits for and how it ended, says so when asked, and when a deadline passes
 * without being asked. One wait at a time: beginning one ends the one before.
 */
final class RunWatch {

  /** The phase in which tasks are waited for. */
  static final String COLLECTING = "rolling-out";

  private final RunPlan plan;
  private final RunObserver observer;
  private final TimerScheduler<Object> timers;
  private final Object overdue;
  private final Logger log;
  private final TaskHolders tasksInWork;

  private Optional<Waiting> waiting = Optional.empty();
  private String endedAs = "";
  private boolean noWorkers = false;

  /**
   * @param overdue the message that the run's timer sends when a deadline passes
   * @param tasksInWork who has which task
   */
  RunWatch(
      RunPlan plan,
      RunObserver observer,
      TimerScheduler<Object> timers,
      Object overdue,
      Logger log,
      TaskHolders tasksInWork) {
    this.plan = plan;
    this.observer = observer;
    this.timers = timers;
    this.overdue = overdue;
    this.log = log;
    this.tasksInWork = tasksInWork;
  }

  void await(String phase, String what, String from, Duration deadline) {
    var next = Waiting.now(phase, what, from, deadline);
    if (waiting.filter(next::isSameAs).isEmpty()) {
      waiting = Optional.of(next);
      noWorkers = false;
      log.debug("run {}: {}: waiting for {}", plan.run(), phase, next.line());
    }
    timers.startSingleTimer(overdue, overdue, deadline);
  }

  void sayOverdue() {
    waiting.ifPresent(this::sayOverdue);
  }

  /** So many rollout workers are there; that there are none is said. */
  void workers(int count) {
    noWorkers = count == 0;
    if (noWorkers) {
      log.warn(
          "run {}: no rollout worker has registered: {}",
          plan.run(),
          waiting.map(Waiting::line).orElse(""));
    }
  }

  void learned(IterationLearned event, boolean replayed) {
    log.info(
        "run {}: iteration {} of {} learned{}: {}",
        plan.run(),
        event.iteration() + 1,
        plan.iterations(),
        replayed ? " (from the journal)" : "",
        event.digest());
    try {
      observer.learned(event, replayed);
    } catch (RuntimeException broken) {
      // Whatever would follow, the observer would miss this iteration.
      log.debug("observer", broken);
      fail(broken.getMessage() == null ? broken.toString() : broken.getMessage());
    }
  }

  /** Whether the run is finished or failed: nothing is to be done any more. */
  boolean ended() {
    return !endedAs.isEmpty();
  }

  void finish(String digest) {
    if (!ended()) {
      end("finished", Optional.empty());
      log.info("run {}: finished: {}", plan.run(), digest);
      observer.finished(digest);
    }
  }

  void fail(String reason) {
    if (!ended()) {
      end("failed", Optional.of(Waiting.now("failed", reason, "a user", Duration.ZERO)));
      log.info("run {}: failed: {}", plan.run(), reason);
      observer.failed(reason);
    }
  }

  /** The actor is gone: told to, or by an exception that the log has. */
  void stopped() {
    if (!ended()) {
      String reason =
          "stopped before its end (the log says why, unless it was told to; start it again)";
      end("stopped", Optional.of(Waiting.now("stopped", reason, "a user", Duration.ZERO)));
      log.info("run {}: {}", plan.run(), reason);
      observer.stopped(reason);
    }
  }

  RunStatus status(RunState state) {
    List<TaskId> open = ended() ? List.of() : state.openTasks(plan.tasksPerIteration());
    return new RunStatus(
        plan.run(),
        waiting.map(Waiting::phase).orElse(endedAs),
        state.learned(),
        plan.iterations(),
        state.current().map(iteration -> iteration.tasks().size()).orElse(0),
        plan.tasksPerIteration(),
        open.size(),
        (int) open.stream().filter(id -> !tasksInWork.hold(id)).count(),
        waiting.map(this::line).orElse("") + (noWorkers ? "; no rollout worker is there" : ""),
        state.last().map(IterationLearned::metrics).orElse(Map.of()),
        state.last().map(IterationLearned::digest).orElse(""));
  }

  private void end(String how, Optional<Waiting> reason) {
    endedAs = how;
    waiting = reason;
    timers.cancelAll();
  }

  private void sayOverdue(Waiting wait) {
    log.warn("run {}: {}: still waiting for {}", plan.run(), wait.phase(), line(wait));
    timers.startSingleTimer(overdue, overdue, wait.deadline());
  }

  private String line(Waiting wait) {
    return wait.line()
        + (wait.phase().equals(COLLECTING)
            ? tasksInWork.line().map(tasks -> "; " + tasks).orElse("")
            : "");
  }
}
