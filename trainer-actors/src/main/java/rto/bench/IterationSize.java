package rto.bench;

import java.util.List;

/**
 * Tokens of an iteration.
 *
 * @param trajectories responses
 * @param prompts tokens of the prompts, each counted once
 * @param responses tokens of the responses
 * @param all tokens that go through a model that reads every trajectory
 */
record IterationSize(int trajectories, long prompts, long responses, long all) {

  static IterationSize of(List<int[]> prompts, int samplesPerPrompt, int newTokens) {
    int trajectories = prompts.size() * samplesPerPrompt;
    long tokens = prompts.stream().mapToLong(prompt -> prompt.length).sum();
    long responses = (long) trajectories * newTokens;
    return new IterationSize(
        trajectories, tokens, responses, samplesPerPrompt * tokens + responses);
  }
}
