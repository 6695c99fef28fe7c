package rto.protocol;

/** Names one unit of work of a run: the {@code index}-th task of an iteration, both from 0. */
public record TaskId(int iteration, int index) implements Comparable<TaskId> {

  public TaskId {
    Require.that(iteration >= 0, "iteration: %s (expected: >= 0)", iteration);
    Require.that(index >= 0, "task index: %s (expected: >= 0)", index);
  }

  @Override
  public int compareTo(TaskId other) {
    int byIteration = Integer.compare(iteration, other.iteration);
    return byIteration != 0 ? byIteration : Integer.compare(index, other.index);
  }

  /** As {@code iteration/index}, the way log lines and errors name a task. */
  @Override
  public String toString() {
    return iteration + "/" + index;
  }
}
