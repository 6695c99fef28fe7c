package rto.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.algorithm.BradleyTerryLoss;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.metrics.MetricNames;
import rto.tensor.ComputePool;

/**
 * The reward model r_MLE: maximum likelihood under Bradley and Terry, the score read at the last
 * token. Afterwards the mean and standard deviation of its scores on held-out pairs become part of
 * the model, so that it answers in units of its own spread.
 */
public final class RewardModelStage {

  private final TrainingLoop loop;
  private final Tuning tuning;
  private final ComputePool pool;

  RewardModelStage(TrainingLoop loop, Tuning tuning, ComputePool pool) {
    this.loop = loop;
    this.tuning = tuning;
    this.pool = pool;
  }

  /** A trained and normalised model, and its numbers on the held-out pairs. */
  record Result(Decoder model, Map<String, Double> heldOut) {}

  /**
   * Starts from {@code language}'s body with a head that says 0 everywhere.
   *
   * @param heldOut not trained on; measures accuracy and the normalisation
   */
  Result run(Decoder language, List<Pair> pairs, List<Pair> heldOut, long seed) {
    Decoder model = tuning.scalar(language, seed);
    try {
      train(model, pairs, seed);
      return normalised(model, heldOut);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * A given model with the numbers of its own scores instead of those that it may have brought.
   *
   * @param given taken over; has a scalar head
   * @param heldOut in its own tokens
   */
  Result given(Decoder given, List<Pair> heldOut) {
    try {
      return normalised(given.withHead(Head.Scalar.raw()), heldOut);
    } catch (RuntimeException | Error e) {
      given.close();
      throw e;
    }
  }

  /**
   * Trains {@code model}, which has a scalar head, in place.
   *
   * @return the numbers of the last step
   */
  Map<String, Double> train(Decoder model, List<Pair> pairs, long seed) {
    StageSettings settings = loop.settings();
    try (AdamW optimizer = new AdamW(loop.optimizer(), model.trained())) {
      Trainee trainee =
          new Trainee(
              model,
              Differentiator.Read.LAST_TOKEN,
              new BradleyTerryLoss(0),
              optimizer,
              loop.optimizer().schedule(settings.learningRate(), settings.steps(pairs.size())),
              pool,
              seed);
      return loop.run(trainee, pairs.size(), seed, chosen -> batch(pairs, chosen));
    }
  }

  private Result normalised(Decoder model, List<Pair> heldOut) {
    float[] scores = model.scores(sequences(heldOut), loop.settings().microBatch());
    double mean = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).average().orElse(0);
    double variance =
        IntStream.range(0, scores.length)
            .mapToDouble(i -> (scores[i] - mean) * (scores[i] - mean))
            .average()
            .orElse(1);
    long right =
        IntStream.range(0, heldOut.size()).filter(i -> scores[2 * i] > scores[2 * i + 1]).count();
    double std = Math.sqrt(variance);
    if (!(std > 0)) {
      throw new IllegalStateException(
          "reward model: all scores are "
              + mean
              + " (expected: different scores; train longer or with a larger learning rate)");
    }
    return new Result(
        model.withHead(new Head.Scalar(mean, std)),
        Map.of(
            MetricNames.ACCURACY.key(),
            (double) right / heldOut.size(),
            MetricNames.SCORE_MEAN.key(),
            mean,
            MetricNames.SCORE_STD.key(),
            std));
  }

  private List<MicroBatch> batch(List<Pair> pairs, int[] chosen) {
    List<Pair> batch = IntStream.of(chosen).mapToObj(pairs::get).toList();
    int pairsAtOnce = Math.max(1, loop.settings().microBatch() / 2);
    List<MicroBatch> micros = new ArrayList<>();
    for (List<Pair> part : Batching.byLength(batch, Pair::length, pairsAtOnce)) {
      float[] weights = new float[part.size()];
      Arrays.fill(weights, 1f / batch.size());
      micros.add(new MicroBatch(sequences(part), List.of(weights)));
    }
    return micros;
  }

  /** Chosen and rejected alternate. */
  static List<Sequence> sequences(List<Pair> pairs) {
    return pairs.stream().flatMap(p -> Stream.of(p.chosen(), p.rejected())).toList();
  }
}
