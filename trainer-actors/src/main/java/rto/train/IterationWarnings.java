package rto.train;

import java.util.ArrayList;
import java.util.List;
import rto.protocol.ScoredTrajectory;

/** Signs that an iteration taught little: what happened, and what to change. */
final class IterationWarnings {

  private static final String AGAINST_EQUAL_REWARDS =
      "if the responses are all alike, raise rto.temperature or rto.kl-control.beta2; if not, train"
          + " the reward model more: reward-model.epochs, reward-model.learning-rate";

  private IterationWarnings() {}

  /** One line each; none for an iteration as it should be. */
  static List<String> of(int iteration, List<ScoredTrajectory> scored, RtoSettings settings) {
    List<String> warnings = new ArrayList<>();
    if (scored.stream().allMatch(s -> s.trajectory().truncated())) {
      warnings.add(
          "iteration %s: all %s responses reached max-new-tokens = %s (%s)"
              .formatted(
                  iteration, scored.size(), settings.maxNewTokens(), againstTruncation(settings)));
    }
    double[] rewards = scored.stream().mapToDouble(s -> s.reward().orElse(0)).distinct().toArray();
    if (scored.size() > 1 && rewards.length == 1) {
      warnings.add(
          "iteration %s: all %s responses have the reward %s, which tells none from another (%s)"
              .formatted(iteration, scored.size(), rewards[0], AGAINST_EQUAL_REWARDS));
    }
    return warnings;
  }

  private static String againstTruncation(RtoSettings settings) {
    return settings.reward().missingEosPenalty() > 0
        ? "raise rto.max-new-tokens or rto.reward.missing-eos-penalty"
        : "raise rto.max-new-tokens, or set rto.reward.missing-eos-penalty";
  }
}
