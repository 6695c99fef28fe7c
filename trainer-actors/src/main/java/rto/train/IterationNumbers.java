package rto.train;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import rto.algorithm.KlEstimate;
import rto.algorithm.TokenRewards;
import rto.metrics.MetricNames;
import rto.protocol.ScoredTrajectory;

/** What an iteration's trajectories say about the policy that sampled them. */
final class IterationNumbers {

  private IterationNumbers() {}

  static Map<String, Double> of(List<ScoredTrajectory> scored, List<TokenRewards> rewards) {
    int b = scored.size();
    double tokens = scored.stream().mapToInt(s -> s.trajectory().response().length).sum();
    double kl = KlEstimate.perResponse(scored);
    return Map.of(
        MetricNames.REWARD.key(),
        scored.stream().mapToDouble(s -> s.reward().orElse(0)).sum() / b,
        MetricNames.REWARD_DPO.key(),
        part(rewards, TokenRewards::dpo),
        MetricNames.REWARD_KL.key(),
        part(rewards, TokenRewards::kl),
        MetricNames.REWARD_SENTENCE.key(),
        part(rewards, TokenRewards::sentence),
        MetricNames.REWARD_SHAPING.key(),
        part(rewards, TokenRewards::shaping),
        MetricNames.KL.key(),
        kl * b / tokens,
        MetricNames.KL_SEQUENCE.key(),
        kl,
        MetricNames.LENGTH.key(),
        tokens / b,
        MetricNames.TRUNCATED.key(),
        scored.stream().filter(s -> s.trajectory().truncated()).count() / (double) b);
  }

  /** Mean over responses of what one part paid to all tokens. */
  private static double part(List<TokenRewards> rewards, Function<TokenRewards, float[]> part) {
    return rewards.stream().mapToDouble(r -> sum(part.apply(r))).sum() / rewards.size();
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
