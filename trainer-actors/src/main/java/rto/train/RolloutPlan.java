package rto.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import rto.data.CounterRandom;
import rto.data.DataCursor;
import rto.protocol.Prompt;
import rto.protocol.Require;
import rto.protocol.RolloutTask;
import rto.protocol.Sampling;
import rto.protocol.TaskId;
import rto.protocol.WeightsRef;

/**
 * Which prompts an iteration samples, cut into tasks. A pure function of the settings, the prompts
 * and the seed: whoever asks gets the same tasks.
 *
 * <pre>
 *   n prompts, b per iteration; an epoch serves m = ⌊n / b⌋ iterations
 *   iteration k = places (k mod m) b .. (k mod m) b + b − 1 of epoch ⌊k / m⌋'s order
 * </pre>
 *
 * The rest of an epoch's order is skipped, so that no prompt comes twice in an iteration: its
 * random numbers, and with them its responses, would be the same both times.
 */
public final class RolloutPlan {

  private static final int PROMPT_ORDER = 1;

  private final String run;
  private final RtoSettings settings;
  private final List<int[]> prompts;
  private final List<Integer> endTokens;
  private final long seed;
  private final DataCursor cursor;

  /**
   * @param prompts as tokens, begin-of-sequence included; at least as many as an iteration takes
   */
  public RolloutPlan(
      String run, RtoSettings settings, List<int[]> prompts, List<Integer> endTokens, long seed) {
    Require.that(
        settings.promptsPerIteration() <= prompts.size(),
        "prompts-per-iteration: %s (expected: at most the %s prompts)",
        settings.promptsPerIteration(),
        prompts.size());
    this.run = run;
    this.settings = settings;
    this.prompts = List.copyOf(prompts);
    this.endTokens = List.copyOf(endTokens);
    this.seed = seed;
    this.cursor = new DataCursor(prompts.size(), CounterRandom.of(seed, PROMPT_ORDER));
  }

  /** The tasks of iteration k, to be sampled with these weights. */
  public List<RolloutTask> tasks(int iteration, WeightsRef weights) {
    int[] chosen = chosen(iteration);
    List<RolloutTask> tasks = new ArrayList<>();
    for (int from = 0; from < chosen.length; from += settings.promptsPerTask()) {
      int to = Math.min(chosen.length, from + settings.promptsPerTask());
      List<Prompt> some =
          Arrays.stream(chosen, from, to).mapToObj(i -> new Prompt(i, prompts.get(i))).toList();
      tasks.add(
          new RolloutTask(
              run,
              new TaskId(iteration, tasks.size()),
              some,
              settings.samplesPerPrompt(),
              weights,
              sampling(),
              endTokens,
              seed));
    }
    return tasks;
  }

  private int[] chosen(int iteration) {
    int perIteration = settings.promptsPerIteration();
    int perEpoch = prompts.size() / perIteration;
    long epoch = iteration / perEpoch;
    long first = epoch * prompts.size() + (long) (iteration % perEpoch) * perIteration;
    return IntStream.range(0, perIteration).map(i -> cursor.item(first + i)).toArray();
  }

  private Sampling sampling() {
    Sampling plain = Sampling.plain(settings.maxNewTokens());
    return new Sampling(settings.temperature(), plain.topK(), plain.topP(), plain.maxNewTokens());
  }
}
