package rto.train;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import rto.algorithm.KlEstimate;
import rto.algorithm.TokenRewards;
import rto.metrics.MetricNames;
import rto.protocol.ScoredTrajectory;

/** What an iteration's trajectories say about the policy that sampled them. */
final class IterationNumbers {

  private IterationNumbers() {}

  static Map<String, Double> of(
      List<ScoredTrajectory> scored, List<TokenRewards> rewards, List<Experience> experiences) {
    int b = scored.size();
    double tokens = scored.stream().mapToInt(s -> s.trajectory().response().length).sum();
    double kl = KlEstimate.perResponse(scored);
    return Map.of(
        MetricNames.REWARD.key(),
        scored.stream().mapToDouble(s -> s.reward().orElse(0)).sum() / b,
        MetricNames.TOKEN_REWARD.key(),
        rewards.stream().mapToDouble(r -> sum(r.dpo())).sum() / b,
        MetricNames.KL.key(),
        kl * b / tokens,
        MetricNames.KL_SEQUENCE.key(),
        kl,
        MetricNames.LENGTH.key(),
        tokens / b,
        MetricNames.TRUNCATED.key(),
        scored.stream().filter(s -> s.trajectory().truncated()).count() / (double) b,
        MetricNames.EXPLAINED_VARIANCE.key(),
        explainedVariance(experiences));
  }

  /** 1 − Var(R − V) / Var(R). */
  private static double explainedVariance(List<Experience> experiences) {
    double returns = variance(experiences, 0);
    return returns == 0 ? 0 : 1 - variance(experiences, 1) / returns;
  }

  /** Variance over all tokens of R − valueWeight · V. */
  private static double variance(List<Experience> experiences, double valueWeight) {
    double[] x =
        experiences.stream()
            .flatMapToDouble(
                e ->
                    IntStream.range(0, e.values().length)
                        .mapToDouble(h -> e.returns()[h] - valueWeight * e.values()[h]))
            .toArray();
    double mean = sum(x) / x.length;
    double squares = 0;
    for (double value : x) {
      squares += (value - mean) * (value - mean);
    }
    return squares / x.length;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
