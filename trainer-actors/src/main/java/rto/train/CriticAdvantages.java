package rto.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import rto.algorithm.Gae;
import rto.lm.Sequence;
import rto.metrics.MetricNames;
import rto.tensor.ComputePool;

/**
 * Generalised advantage estimation on a critic that learns along.
 *
 * <pre>
 *   V_h  = critic on the prefix before token h
 *   A, G = GAE(r, V)
 *   critic step on G, clipped around V
 * </pre>
 */
final class CriticAdvantages implements Advantages {

  private final Gae gae;
  private final int microBatch;
  private final Trainee critic;
  private final ComputePool pool;

  /** Takes over the critic. */
  CriticAdvantages(RtoSettings settings, Trainee critic, ComputePool pool) {
    this.gae = new Gae(settings.gamma(), settings.lambda());
    this.microBatch = settings.microBatch();
    this.critic = critic;
    this.pool = pool;
  }

  private record Estimates(
      Trainee critic, List<float[]> values, List<float[]> advantages, List<float[]> returns)
      implements Judgement {

    @Override
    public Map<String, Double> update(Minibatch minibatch) {
      return critic.update(minibatch.micros(values, returns), 1);
    }

    @Override
    public Map<String, Double> numbers() {
      return Map.of(MetricNames.EXPLAINED_VARIANCE.key(), ExplainedVariance.of(returns, values));
    }
  }

  @Override
  public Judgement judge(List<Sequence> responses, List<float[]> rewards) {
    List<float[]> values = values(responses);
    List<Gae.Estimate> estimates =
        IntStream.range(0, rewards.size())
            .mapToObj(i -> gae.estimate(rewards.get(i), values.get(i)))
            .toList();
    return new Estimates(
        critic,
        values,
        estimates.stream().map(Gae.Estimate::advantages).toList(),
        estimates.stream().map(Gae.Estimate::returns).toList());
  }

  private List<float[]> values(List<Sequence> responses) {
    List<Callable<List<float[]>>> pieces =
        Batching.inOrder(responses, microBatch).stream()
            .<Callable<List<float[]>>>map(part -> () -> critic.model().values(part, microBatch))
            .toList();
    List<float[]> values = new ArrayList<>(responses.size());
    pool.forEachInOrder(pieces, values::addAll);
    return values;
  }

  @Override
  public Optional<Trainee> critic() {
    return Optional.of(critic);
  }
}
