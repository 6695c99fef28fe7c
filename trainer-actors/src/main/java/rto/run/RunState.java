package rto.run;

import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventHandlerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
 *   IterationLearned      closes iteration k; its trajectories stay
 *   CheckpointWritten     drops all iterations up to the checkpoint before this one: should this one
 *                         be damaged, those after that one are learned again
 *   RunPaused, RunContinued
 *   RunFinished           nothing follows
 * </pre>
 *
 * @param open iterations after the checkpoint before the last, by number
 * @param checkpoints the last one and the one before it, the older first
 * @param last the newest learned iteration
 */
record RunState(
    Optional<RunStarted> started,
    SortedMap<Integer, IterationJournal> open,
    List<CheckpointWritten> checkpoints,
    Optional<IterationLearned> last,
    boolean paused,
    Optional<RunFinished> finished) {

  static final EventHandler<RunState, RunEvent> TRANSITIONS = transitions();

  static RunState empty() {
    return new RunState(
        Optional.empty(),
        Collections.emptySortedMap(),
        List.of(),
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
    Stream<RunEvent> lastAlone =
        last.filter(event -> !open.containsKey(event.iteration())).stream().map(e -> e);
    Stream<RunEvent> iterations = open.values().stream().flatMap(IterationJournal::events);
    Stream<RunEvent> pause = paused ? Stream.of(new RunPaused()) : Stream.empty();
    return new RunSnapshot(
        Stream.of(
                started.stream(),
                lastAlone,
                checkpoints.stream(),
                iterations,
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

  /** Tasks that the run is waiting for, {@code perIteration} of them in each. */
  List<TaskId> openTasks(int perIteration) {
    return open.tailMap(learned()).values().stream()
        .flatMap(
            journal ->
                journal.missing(perIteration).stream()
                    .map(index -> new TaskId(journal.iteration(), index)))
        .toList();
  }

  /**
   * Where a learner may start, the best place first: from the last checkpoint, from the one before
   * it, and where there is no such, from the first policy. Only where the journal holds all
   * iterations from there on.
   */
  List<Optional<CheckpointWritten>> starts() {
    var starts = new ArrayList<Optional<CheckpointWritten>>();
    if (checkpoints.size() < 2) {
      starts.add(Optional.empty());
    }
    checkpoints.forEach(checkpoint -> starts.add(Optional.of(checkpoint)));
    Collections.reverse(starts);
    starts.removeIf(start -> !holdsAllFrom(learnedAt(start)));
    return starts;
  }

  /** Iterations learned at a start, the first policy being empty. */
  static int learnedAt(Optional<CheckpointWritten> start) {
    return start.map(event -> event.iteration() + 1).orElse(0);
  }

  private boolean holdsAllFrom(int iteration) {
    return iteration == learned() || open.containsKey(iteration);
  }

  private RunState on(RunStarted event) {
    return new RunState(Optional.of(event), open, checkpoints, last, paused, finished);
  }

  private RunState on(IterationStarted event) {
    return with(IterationJournal.begun(event), last);
  }

  private RunState on(TrajectoriesAccepted event) {
    return with(open.get(event.id().iteration()).with(event), last);
  }

  private RunState on(IterationLearned event) {
    var iteration = open.get(event.iteration());
    // Older journal snapshots name the last learned iteration without the trajectories.
    return iteration == null
        ? new RunState(started, open, checkpoints, Optional.of(event), paused, finished)
        : with(iteration.with(event), Optional.of(event));
  }

  private RunState on(CheckpointWritten event) {
    // The same one again: it was damaged, and is now written again.
    Optional<CheckpointWritten> before =
        checkpoints.stream()
            .filter(other -> other.iteration() < event.iteration())
            .max(Comparator.comparingInt(CheckpointWritten::iteration));
    var lastTwo = Stream.concat(before.stream(), Stream.of(event)).toList();
    return new RunState(started, open.tailMap(learnedAt(before)), lastTwo, last, paused, finished);
  }

  private RunState on(RunPaused event) {
    return new RunState(started, open, checkpoints, last, true, finished);
  }

  private RunState on(RunContinued event) {
    return new RunState(started, open, checkpoints, last, false, finished);
  }

  private RunState on(RunFinished event) {
    return new RunState(started, open, checkpoints, last, paused, Optional.of(event));
  }

  private RunState with(IterationJournal iteration, Optional<IterationLearned> newest) {
    var more = new TreeMap<>(open);
    more.put(iteration.iteration(), iteration);
    return new RunState(started, more, checkpoints, newest, paused, finished);
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
