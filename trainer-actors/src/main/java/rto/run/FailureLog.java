package rto.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rto.protocol.RunMessage.TaskFailed;
import rto.protocol.TaskId;

/**
 * Counts how often each task failed. A worker that fails stops, so every further try of a task is
 * made by another one: three failures are three workers. A scorer that refuses a task counts each
 * time the task is sent to it again.
 */
final class FailureLog {

  static final int QUARANTINE = 3;

  private final Map<TaskId, List<String>> failures = new HashMap<>();

  /** Notes the failure; true when the task must not be tried again. */
  boolean isHopelessAfter(TaskFailed failure) {
    var all = failures.computeIfAbsent(failure.id(), id -> new ArrayList<>());
    all.add(failure.where() + ": " + failure.reason());
    return all.size() >= QUARANTINE;
  }

  /** All failures of a task, for people. */
  String describe(TaskId id) {
    return String.join("; ", failures.getOrDefault(id, List.of()));
  }
}
