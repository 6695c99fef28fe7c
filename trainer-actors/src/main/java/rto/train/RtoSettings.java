package rto.train;

import static rto.protocol.Require.problem;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import rto.algorithm.KlController;
import rto.algorithm.RewardWeights;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewardVariant;
import rto.algorithm.TokenWeights;
import rto.protocol.AbsentMeans;
import rto.protocol.Require;

/**
 * The policy stage.
 *
 * @param iterations rollout-to-publish cycles
 * @param promptsPerIteration prompts sampled in each
 * @param samplesPerPrompt responses to each prompt
 * @param promptsPerTask prompts in one task, the unit of work that a worker takes
 * @param generationBatch responses sampled at once, at most; part of the determinism contract of
 *     small shapes
 * @param temperature of sampling and of training alike: one distribution
 * @param maxNewTokens a longer response is truncated
 * @param tokenReward which rule pays the tokens
 * @param reward what its parts weigh
 * @param klControl β₂ from iteration to iteration
 * @param advantage how rewards become advantages
 * @param gamma discount
 * @param lambda of GAE
 * @param policyClip half-width of the trusted range of the ratio
 * @param valueClip the same for values; absent means no clip. This, lambda and the critic's rate
 *     say nothing where there is no critic
 * @param lossMean how token losses become one number
 * @param epochs passes over an iteration's trajectories
 * @param minibatch trajectories per optimizer step
 * @param microBatch trajectories that go through the model at once
 * @param policyLearningRate the policy's peak rate
 * @param criticLearningRate the critic's
 * @param checkpointEvery iterations between checkpoints
 * @param staleness η: iteration k is sampled by the policy of version max(0, k − η), 0 or 1
 */
public record RtoSettings(
    int iterations,
    int promptsPerIteration,
    int samplesPerPrompt,
    int promptsPerTask,
    int generationBatch,
    double temperature,
    int maxNewTokens,
    TokenRewardVariant tokenReward,
    RewardWeights reward,
    KlController klControl,
    AdvantageVariant advantage,
    double gamma,
    double lambda,
    double policyClip,
    OptionalDouble valueClip,
    TokenWeights lossMean,
    int epochs,
    int minibatch,
    int microBatch,
    double policyLearningRate,
    double criticLearningRate,
    int checkpointEvery,
    @AbsentMeans("0") int staleness) {

  public RtoSettings {
    Require.all(
        positive("iterations", iterations),
        positive("prompts-per-iteration", promptsPerIteration),
        positive("samples-per-prompt", samplesPerPrompt),
        positive("prompts-per-task", promptsPerTask),
        positive("generation-batch", generationBatch),
        problem(
            temperature > 0 && Double.isFinite(temperature),
            "temperature: %s (expected: > 0)",
            temperature),
        positive("max-new-tokens", maxNewTokens),
        problem(0 <= gamma && gamma <= 1, "gamma: %s (expected: in [0, 1])", gamma),
        problem(0 <= lambda && lambda <= 1, "lambda: %s (expected: in [0, 1])", lambda),
        problem(
            0 < policyClip && policyClip < 1, "policy-clip: %s (expected: in (0, 1))", policyClip),
        problem(
            valueClip.isEmpty() || valueClip.getAsDouble() > 0,
            "value-clip: %s (expected: > 0, or off)",
            valueClip.orElse(0)),
        positive("epochs", epochs),
        positive("minibatch", minibatch),
        positive("micro-batch", microBatch),
        problem(
            policyLearningRate > 0, "policy-learning-rate: %s (expected: > 0)", policyLearningRate),
        problem(
            criticLearningRate > 0, "critic-learning-rate: %s (expected: > 0)", criticLearningRate),
        positive("checkpoint-every", checkpointEvery),
        problem(
            staleness == 0 || staleness == 1,
            "staleness: %s (expected: 0, on-policy, or 1, one version behind)",
            staleness));
    klControl.next(
        0, promptsPerIteration * samplesPerPrompt); // refuses a horizon that is too short
  }

  /**
   * The rule that pays the tokens.
   *
   * @param vocabulary the text of each token by id, {@link rto.lm.io.Tokenizer#vocabulary}; asked
   *     for by a rule that pays certain tokens only
   * @throws IllegalArgumentException if the delimiters are no tokens of the vocabulary
   */
  public TokenReward rule(Supplier<List<String>> vocabulary) {
    return tokenReward.with(reward, () -> reward.delimiters().among(vocabulary.get()));
  }

  /** The columns that the rule reads, for which no tokenizer is needed. */
  public Set<TokenReward.Column> needs() {
    return tokenReward.with(reward, Set::of).needs();
  }

  /** B, trajectories per iteration. */
  public int trajectories() {
    return promptsPerIteration * samplesPerPrompt;
  }

  /** Tasks per iteration. */
  public int tasks() {
    return (promptsPerIteration + promptsPerTask - 1) / promptsPerTask;
  }

  /** Optimizer steps of the whole stage. */
  long optimizerSteps() {
    return (long) iterations * epochs * ((trajectories() + minibatch - 1) / minibatch);
  }

  private static String positive(String name, int value) {
    return problem(value > 0, "%s: %s (expected: > 0)", name, value);
  }
}
