package rto.protocol;

import java.util.List;

/**
 * The unit of work: sample {@code samplesPerPrompt} responses to each prompt with the weights of
 * one version. Its result is a pure function of the task and those weights; who computes it, when
 * and how often does not matter.
 *
 * @param run the run's id
 * @param id which task of which iteration
 * @param prompts not empty
 * @param weights the version that samples
 * @param sampling the distribution
 * @param endTokens any of them ends a response
 * @param seed the run's seed; the random numbers are keyed by (seed, iteration, prompt, sample,
 *     position)
 */
public record RolloutTask(
    String run,
    TaskId id,
    List<Prompt> prompts,
    int samplesPerPrompt,
    WeightsRef weights,
    Sampling sampling,
    List<Integer> endTokens,
    long seed) {

  public RolloutTask {
    prompts = List.copyOf(prompts);
    endTokens = List.copyOf(endTokens);
    Require.that(!prompts.isEmpty(), "task %s: no prompts (expected: at least one)", id);
    Require.that(samplesPerPrompt > 0, "samples per prompt: %s (expected: > 0)", samplesPerPrompt);
  }
}
