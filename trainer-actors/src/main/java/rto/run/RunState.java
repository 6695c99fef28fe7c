package rto.run;

import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventHandlerBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.RunContinued;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunEvent.RunPaused;
import rto.protocol.RunEvent.RunStarted;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.RunSnapshot;
import rto.protocol.TaskId;

/**
 * The run's journalled state and its transitions.
 *
 * <pre>
 *   RunStarted            the run has a name and a config
 *   IterationStarted      opens iteration k; with a staleness of 1 also while k − 1 is open
 *   TrajectoriesAccepted  adds a task to iteration k
 *   IterationLearned      closes iteration k; its trajectories stay until a checkpoint covers them
 *   CheckpointWritten     drops all iterations up to k: nobody will learn them again
 *   RunPaused, RunContinued
 *   RunFinished           nothing follows
 * </pre>
 *
 * @param open iterations that no checkpoint covers, by number
 * @param last the newest learned iteration
 */
record RunState(
    Optional<RunStarted> started,
    SortedMap<Integer, IterationJournal> open,
    Optional<CheckpointWritten> checkpoint,
    Optional<IterationLearned> last,
    boolean paused,
    Optional<RunFinished> finished) {

  static final EventHandler<RunState, RunEvent> TRANSITIONS = transitions();

  static RunState empty() {
    return new RunState(
        Optional.empty(),
        Collections.emptySortedMap(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** The state after all these events. */
  static RunState after(Iterable<RunEvent> events) {
    RunState state = empty();
    for (RunEvent event : events) {
      state = TRANSITIONS.apply(state, event);
    }
    return state;
  }

  /** The shortest list of events that leads to this state. */
  RunSnapshot snapshot() {
    Stream<RunEvent> learnedAtCheckpoint = last.filter(this::isCovered).stream().map(e -> e);
    Stream<RunEvent> uncovered = open.values().stream().flatMap(IterationJournal::events);
    Stream<RunEvent> pause = paused ? Stream.of(new RunPaused()) : Stream.empty();
    return new RunSnapshot(
        Stream.of(
                started.stream(),
                learnedAtCheckpoint,
                checkpoint.stream(),
                uncovered,
                pause,
                finished.stream())
            .<RunEvent>flatMap(events -> events)
            .toList());
  }

  /** Iterations learned so far; also the version of the newest policy. */
  int learned() {
    return last.map(event -> event.iteration() + 1).orElse(0);
  }

  /** Iterations begun so far. */
  int begun() {
    return open.isEmpty() ? learned() : Math.max(learned(), open.lastKey() + 1);
  }

  /** The iteration that is learned next, once its trajectories are collected. */
  Optional<IterationJournal> current() {
    return Optional.ofNullable(open.get(learned()));
  }

  /** Those that have begun after the current one. */
  List<IterationJournal> ahead() {
    return List.copyOf(open.tailMap(learned() + 1).values());
  }

  /** Whether this task's trajectories are in the journal, or were before a checkpoint. */
  boolean hasAccepted(TaskId id) {
    return id.iteration() < learned()
        || Optional.ofNullable(open.get(id.iteration()))
            .filter(iteration -> iteration.tasks().containsKey(id.index()))
            .isPresent();
  }

  /** Whether the run is waiting for this task. */
  boolean misses(TaskId id, int tasksPerIteration) {
    return open.containsKey(id.iteration()) && id.index() < tasksPerIteration && !hasAccepted(id);
  }

  /** Iterations that a checkpoint covers. */
  int checkpointed() {
    return checkpoint.map(event -> event.iteration() + 1).orElse(0);
  }

  private boolean isCovered(IterationLearned event) {
    return event.iteration() < checkpointed();
  }

  private RunState on(RunStarted event) {
    return new RunState(Optional.of(event), open, checkpoint, last, paused, finished);
  }

  private RunState on(IterationStarted event) {
    return with(IterationJournal.begun(event), last);
  }

  private RunState on(TrajectoriesAccepted event) {
    return with(open.get(event.id().iteration()).with(event), last);
  }

  private RunState on(IterationLearned event) {
    var iteration = open.get(event.iteration());
    // A journal snapshot names the last learned iteration without the trajectories.
    return iteration == null
        ? new RunState(started, open, checkpoint, Optional.of(event), paused, finished)
        : with(iteration.with(event), Optional.of(event));
  }

  private RunState on(CheckpointWritten event) {
    var uncovered = open.tailMap(event.iteration() + 1);
    return new RunState(started, uncovered, Optional.of(event), last, paused, finished);
  }

  private RunState on(RunPaused event) {
    return new RunState(started, open, checkpoint, last, true, finished);
  }

  private RunState on(RunContinued event) {
    return new RunState(started, open, checkpoint, last, false, finished);
  }

  private RunState on(RunFinished event) {
    return new RunState(started, open, checkpoint, last, paused, Optional.of(event));
  }

  private RunState with(IterationJournal iteration, Optional<IterationLearned> newest) {
    var more = new TreeMap<>(open);
    more.put(iteration.iteration(), iteration);
    return new RunState(started, more, checkpoint, newest, paused, finished);
  }

  private static EventHandler<RunState, RunEvent> transitions() {
    var builder = EventHandlerBuilder.<RunState, RunEvent>builder();
    builder
        .forAnyState()
        .onEvent(RunStarted.class, RunState::on)
        .onEvent(IterationStarted.class, RunState::on)
        .onEvent(TrajectoriesAccepted.class, RunState::on)
        .onEvent(IterationLearned.class, RunState::on)
        .onEvent(CheckpointWritten.class, RunState::on)
        .onEvent(RunPaused.class, RunState::on)
        .onEvent(RunContinued.class, RunState::on)
        .onEvent(RunFinished.class, RunState::on);
    return builder.build();
  }

  /** Every learned iteration that the journal still holds in full, in order. */
  List<IterationLearned> learnedSinceCheckpoint() {
    return open.values().stream().flatMap(iteration -> iteration.learned().stream()).toList();
  }
}
