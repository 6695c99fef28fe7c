package rto.chaos.invariant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.TaskId;

/**
 * Every task of every iteration is accepted once, before its iteration is learned, and every
 * iteration is learned once.
 */
public final class EveryTaskLearnedOnce implements Invariant {

  @Override
  public Stream<String> violations(Evidence evidence) {
    Map<TaskId, Integer> accepted = new TreeMap<>();
    Map<Integer, Integer> learned = new HashMap<>();
    List<String> found = new ArrayList<>();
    for (Journalled one : evidence.journal()) {
      if (one.event() instanceof TrajectoriesAccepted task) {
        accepted.merge(task.id(), 1, Integer::sum);
        if (learned.containsKey(task.id().iteration())) {
          found.add("task " + task.id() + " was accepted after its iteration was learned");
        }
      } else if (one.event() instanceof IterationLearned iteration) {
        learned.merge(iteration.iteration(), 1, Integer::sum);
      }
    }
    for (int k = 0; k < evidence.expected().iterations(); k++) {
      int times = learned.getOrDefault(k, 0);
      if (times != 1) {
        found.add("iteration " + k + " was learned " + times + " times (expected: once)");
      }
      for (int i = 0; i < evidence.expected().tasks(); i++) {
        int count = accepted.getOrDefault(new TaskId(k, i), 0);
        accepted.remove(new TaskId(k, i));
        if (count != 1) {
          found.add("task " + k + "/" + i + " was accepted " + count + " times (expected: once)");
        }
      }
    }
    accepted.keySet().forEach(id -> found.add("task " + id + " is none of this run's"));
    return found.stream();
  }
}
