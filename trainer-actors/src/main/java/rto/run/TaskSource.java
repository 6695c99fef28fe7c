package rto.run;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.WeightsRef;

/**
 * Makes the tasks of an iteration. A pure function: after a restart it must make the same tasks
 * again.
 */
@FunctionalInterface
public interface TaskSource {

  /**
   * Returns all tasks of the iteration, numbered 0, 1, ...
   *
   * @param weights the version that samples
   */
  List<RolloutTask> tasks(int iteration, WeightsRef weights);

  /** A task's prompts, for the message of a run that stops because of them. */
  default String describe(RolloutTask task) {
    return task.prompts().stream().map(this::describe).collect(Collectors.joining("; "));
  }

  /** One prompt: its place in the dataset and its tokens; a source that knows the text adds it. */
  default String describe(Prompt prompt) {
    return "prompt " + prompt.index() + " " + Arrays.toString(prompt.tokens());
  }
}
