package rto.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewards;
import rto.algorithm.Whitening;
import rto.data.CounterRandom;
import rto.lm.Sequence;
import rto.metrics.MetricNames;
import rto.protocol.ScoredTrajectory;

/**
 * One iteration of PPO on token rewards [P App. D].
 *
 * <pre>
 *   r_h = the variant's token reward
 *   A   = the advantages of r, by a critic or without;  whitened over all tokens of the iteration
 *   for each epoch, each minibatch:  policy step on the clipped ratio, critic step if there is one
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
  private final TokenReward rule;
  private final Trainee policy;
  private final Advantages advantages;
  private final long seed;

  PpoUpdate(
      RtoSettings settings, TokenReward rule, Trainee policy, Advantages advantages, long seed) {
    this.settings = settings;
    this.rule = rule;
    this.policy = policy;
    this.advantages = advantages;
    this.seed = seed;
  }

  /**
   * Learns from all trajectories of an iteration, in task order.
   *
   * @param beta2 the KL coefficient of this iteration
   * @return the iteration's numbers, means over its minibatches
   */
  Map<String, Double> learn(int iteration, List<ScoredTrajectory> scored, double beta2) {
    List<Sequence> sequences = Scoring.sequences(scored);
    List<float[]> oldLogProbs = scored.stream().map(s -> s.trajectory().logProbs()).toList();
    List<TokenRewards> rewards = scored.stream().map(s -> rule.perToken(s, beta2)).toList();
    Advantages.Judgement judgement =
        advantages.judge(sequences, rewards.stream().map(TokenRewards::total).toList());
    List<float[]> white = Whitening.whiten(judgement.advantages());
    Averages averages = new Averages();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      for (Minibatch minibatch : minibatches(sequences, iteration, epoch)) {
        List<MicroBatch> micros = minibatch.micros(oldLogProbs, white);
        averages.add(POLICY, policy.update(micros, settings.temperature()));
        averages.add(CRITIC, judgement.update(minibatch));
      }
    }
    Map<String, Double> numbers = new HashMap<>(averages.means());
    numbers.putAll(IterationNumbers.of(scored, rewards));
    numbers.putAll(judgement.numbers());
    numbers.put(MetricNames.BETA2.key(), beta2);
    return numbers;
  }

  private List<Minibatch> minibatches(List<Sequence> sequences, int iteration, int epoch) {
    int[] order =
        CounterRandom.permutation(
            sequences.size(), CounterRandom.of(seed, MINIBATCH_ORDER, iteration, epoch));
    List<Integer> places = IntStream.of(order).boxed().toList();
    return Batching.inOrder(places, settings.minibatch()).stream()
        .map(part -> new Minibatch(sequences, part, settings.lossMean(), settings.microBatch()))
        .toList();
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
