package rto.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rto.data.CounterRandom;
import rto.data.DataCursor;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.Sampling;
import rto.protocol.TaskId;
import rto.protocol.WeightsRef;

/**
 * Which prompts an iteration samples, cut into tasks. A pure function of the settings, the prompts
 * and the seed: whoever asks gets the same tasks.
 */
public final class RolloutPlan {

  private static final int PROMPT_ORDER = 1;

  private final String run;
  private final RtoSettings settings;
  private final List<int[]> prompts;
  private final int endToken;
  private final long seed;
  private final DataCursor cursor;

  /** {@code prompts} as tokens, begin-of-sequence included. */
  public RolloutPlan(
      String run, RtoSettings settings, List<int[]> prompts, int endToken, long seed) {
    this.run = run;
    this.settings = settings;
    this.prompts = List.copyOf(prompts);
    this.endToken = endToken;
    this.seed = seed;
    this.cursor = new DataCursor(prompts.size(), CounterRandom.of(seed, PROMPT_ORDER));
  }

  /** The tasks of iteration k, to be sampled with these weights. */
  public List<RolloutTask> tasks(int iteration, WeightsRef weights) {
    int[] chosen = cursor.batch(iteration, settings.promptsPerIteration());
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
              endToken,
              seed));
    }
    return tasks;
  }

  private Sampling sampling() {
    Sampling plain = Sampling.plain(settings.maxNewTokens());
    return new Sampling(settings.temperature(), plain.topK(), plain.topP(), plain.maxNewTokens());
  }
}
