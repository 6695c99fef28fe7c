package rto.run;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.ScoredTrajectory;

/**
 * What the journal holds of one iteration.
 *
 * @param tasks the accepted ones by task index
 */
record IterationJournal(
    IterationStarted start,
    SortedMap<Integer, TrajectoriesAccepted> tasks,
    Optional<IterationLearned> learned) {

  IterationJournal {
    tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
  }

  static IterationJournal begun(IterationStarted start) {
    return new IterationJournal(start, Collections.emptySortedMap(), Optional.empty());
  }

  IterationJournal with(TrajectoriesAccepted accepted) {
    var more = new TreeMap<>(tasks);
    more.put(accepted.id().index(), accepted);
    return new IterationJournal(start, more, learned);
  }

  IterationJournal with(IterationLearned event) {
    return new IterationJournal(start, tasks, Optional.of(event));
  }

  int iteration() {
    return start.iteration();
  }

  /** Indices of the tasks, of {@code count}, that are not accepted yet. */
  List<Integer> missing(int count) {
    return IntStream.range(0, count).filter(i -> !tasks.containsKey(i)).boxed().toList();
  }

  /** Whether all of {@code count} tasks are accepted. */
  boolean isWhole(int count) {
    return missing(count).isEmpty();
  }

  /** All trajectories in task order, whatever order they came in. */
  List<ScoredTrajectory> inTaskOrder() {
    return tasks.values().stream().flatMap(task -> task.trajectories().stream()).toList();
  }

  /** The events that lead here. */
  Stream<RunEvent> events() {
    return Stream.concat(
        Stream.concat(Stream.of(start), tasks.values().stream()), learned.stream());
  }
}
