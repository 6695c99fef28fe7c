package rto.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import rto.algorithm.Gae;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewards;
import rto.algorithm.Whitening;
import rto.data.CounterRandom;
import rto.lm.Sequence;
import rto.metrics.MetricNames;
import rto.protocol.ScoredTrajectory;
import rto.tensor.ComputePool;

/**
 * One iteration of PPO on token rewards [P App. D].
 *
 * <pre>
 *   V_h  = critic on the prefix before token h
 *   r_h  = the variant's token reward
 *   A, R = GAE(r, V);  A whitened over all tokens of the iteration
 *   for each epoch, each minibatch:  policy step on the clipped ratio, critic step on R
 * </pre>
 */
final class PpoUpdate {

  private static final int MINIBATCH_ORDER = 2;

  /** What the numbers that both models have are called. */
  private static final Map<String, String> POLICY =
      Map.of(MetricNames.LOSS.key(), MetricNames.POLICY_LOSS.key());

  private static final Map<String, String> CRITIC =
      Map.of(
          MetricNames.LOSS.key(),
          MetricNames.VALUE_LOSS.key(),
          MetricNames.GRADIENT_NORM.key(),
          MetricNames.VALUE_GRADIENT_NORM.key(),
          MetricNames.LEARNING_RATE.key(),
          MetricNames.VALUE_LEARNING_RATE.key());

  private final RtoSettings settings;
  private final Trainee policy;
  private final Trainee critic;
  private final ComputePool pool;
  private final long seed;

  PpoUpdate(RtoSettings settings, Trainee policy, Trainee critic, ComputePool pool, long seed) {
    this.settings = settings;
    this.policy = policy;
    this.critic = critic;
    this.pool = pool;
    this.seed = seed;
  }

  /**
   * Learns from all trajectories of an iteration, in task order.
   *
   * @param beta2 the KL coefficient of this iteration
   * @return the iteration's numbers, means over its minibatches
   */
  Map<String, Double> learn(int iteration, List<ScoredTrajectory> scored, double beta2) {
    TokenReward rule = settings.rule();
    List<TokenRewards> rewards = scored.stream().map(s -> rule.perToken(s, beta2)).toList();
    List<Experience> experiences = experiences(scored, rewards);
    Averages averages = new Averages();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      for (List<Experience> minibatch : minibatches(experiences, iteration, epoch)) {
        averages.add(POLICY, policy.update(policyBatch(minibatch), settings.temperature()));
        averages.add(CRITIC, critic.update(criticBatch(minibatch), 1));
      }
    }
    Map<String, Double> numbers = new HashMap<>(averages.means());
    numbers.putAll(IterationNumbers.of(scored, rewards, experiences));
    numbers.put(MetricNames.BETA2.key(), beta2);
    return numbers;
  }

  private List<Experience> experiences(List<ScoredTrajectory> scored, List<TokenRewards> rewards) {
    List<Sequence> sequences = Scoring.sequences(scored);
    List<float[]> values = values(sequences);
    Gae gae = new Gae(settings.gamma(), settings.lambda());
    List<Gae.Estimate> estimates =
        IntStream.range(0, scored.size())
            .mapToObj(i -> gae.estimate(rewards.get(i).total(), values.get(i)))
            .toList();
    List<float[]> white =
        Whitening.whiten(estimates.stream().map(Gae.Estimate::advantages).toList());
    return IntStream.range(0, scored.size())
        .mapToObj(
            i ->
                new Experience(
                    sequences.get(i),
                    scored.get(i).trajectory().logProbs(),
                    values.get(i),
                    white.get(i),
                    estimates.get(i).returns()))
        .toList();
  }

  private List<float[]> values(List<Sequence> sequences) {
    List<Callable<List<float[]>>> pieces =
        Batching.inOrder(sequences, settings.microBatch()).stream()
            .<Callable<List<float[]>>>map(
                part -> () -> critic.model().values(part, settings.microBatch()))
            .toList();
    List<float[]> values = new ArrayList<>(sequences.size());
    pool.forEachInOrder(pieces, values::addAll);
    return values;
  }

  private List<List<Experience>> minibatches(List<Experience> all, int iteration, int epoch) {
    int[] order =
        CounterRandom.permutation(
            all.size(), CounterRandom.of(seed, MINIBATCH_ORDER, iteration, epoch));
    List<Experience> shuffled = IntStream.of(order).mapToObj(all::get).toList();
    return Batching.inOrder(shuffled, settings.minibatch());
  }

  private List<MicroBatch> policyBatch(List<Experience> minibatch) {
    return batch(minibatch, Experience::oldLogProbs, Experience::advantages);
  }

  private List<MicroBatch> criticBatch(List<Experience> minibatch) {
    return batch(minibatch, Experience::values, Experience::returns);
  }

  private List<MicroBatch> batch(
      List<Experience> minibatch,
      Function<Experience, float[]> old,
      Function<Experience, float[]> target) {
    List<MicroBatch> micros = new ArrayList<>();
    int tokens = minibatch.stream().mapToInt(e -> e.values().length).sum();
    for (List<Experience> part :
        Batching.byLength(minibatch, e -> e.sequence().length(), settings.microBatch())) {
      micros.add(
          new MicroBatch(
              part.stream().map(Experience::sequence).toList(),
              List.of(
                  Batching.concatenated(part.stream().map(old).toList()),
                  Batching.concatenated(part.stream().map(target).toList()),
                  Batching.concatenated(
                      part.stream().map(e -> weights(e, minibatch.size(), tokens)).toList()))));
    }
    return micros;
  }

  private float[] weights(Experience e, int sequences, int tokens) {
    return settings.lossMean().ofOne(e.values().length, sequences, tokens);
  }

  /** Means of numbers over minibatches. */
  private static final class Averages {
    private final Map<String, Double> sums = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    void add(Map<String, String> names, Map<String, Double> numbers) {
      numbers.forEach(
          (name, value) -> {
            String key = names.getOrDefault(name, name);
            sums.merge(key, value, Double::sum);
            counts.merge(key, 1, Integer::sum);
          });
    }

    Map<String, Double> means() {
      Map<String, Double> means = new HashMap<>();
      sums.forEach((name, sum) -> means.put(name, sum / counts.get(name)));
      return means;
    }
  }
}
