package rto.run;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rto.protocol.ActorNames;
import rto.protocol.TaskId;

/**
 * Who works on which task, since when, as far as it was heard: not journalled, for what is missing
 * after a restart is offered again.
 */
final class TaskHolders {

  private record Held(TaskId id, Instant since) {}

  /** By the worker's full name; each works on one task at a time. */
  private final Map<String, Held> byWorker = new LinkedHashMap<>();

  void taken(TaskId id, String worker) {
    byWorker.put(worker, new Held(id, Instant.now()));
  }

  /** The task is accepted: whoever else works on it does so in vain. */
  void done(TaskId id) {
    byWorker.values().removeIf(held -> held.id().equals(id));
  }

  /** The worker has failed, and said so. */
  void failed(String worker) {
    byWorker.remove(worker);
  }

  /** Forgets the workers of a node, and tells which tasks they had. */
  Map<String, TaskId> lost(String node) {
    Map<String, TaskId> had = new TreeMap<>();
    byWorker.forEach(
        (worker, held) -> {
          if (ActorNames.node(worker).equals(node)) {
            had.put(worker, held.id());
          }
        });
    byWorker.keySet().removeAll(had.keySet());
    return had;
  }

  /** Whether somebody works on it. */
  boolean hold(TaskId id) {
    return byWorker.values().stream().anyMatch(held -> held.id().equals(id));
  }

  /** One line for people: of each task that is out, who has it; empty if none is. */
  Optional<String> line() {
    SortedSet<String> parts = new TreeSet<>();
    byWorker.forEach(
        (worker, held) ->
            parts.add(
                "%s at %s since %s"
                    .formatted(held.id(), worker, held.since().truncatedTo(ChronoUnit.SECONDS))));
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(parts.stream().collect(joining("; ", "tasks in work: ", "")));
  }
}
