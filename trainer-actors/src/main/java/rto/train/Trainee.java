package rto.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import rto.algorithm.LearningRate;
import rto.algorithm.Objective;
import rto.data.CounterRandom;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.metrics.MetricNames;
import rto.tensor.ComputePool;
import rto.tensor.Torch;

/**
 * A model that learns: decoder, objective, optimizer. One update takes a batch in micro-batches,
 * which several threads may work on; their gradients are added in order, so that the number of
 * threads changes no bit. Another cut into micro-batches changes the rounding, and so the digest.
 */
final class Trainee implements AutoCloseable {

  /** Key of the random stream of dropout; other streams of a seed have small keys. */
  private static final long DROPOUT = Long.MAX_VALUE;

  private final Decoder model;
  private final Differentiator differentiator;
  private final Objective objective;
  private final AdamW optimizer;
  private final LearningRate schedule;
  private final ComputePool pool;
  private final long seed;

  /**
   * Takes over model and optimizer.
   *
   * @param seed of what an adapter's dropout drops
   */
  Trainee(
      Decoder model,
      Differentiator.Read read,
      Objective objective,
      AdamW optimizer,
      LearningRate schedule,
      ComputePool pool,
      long seed) {
    this(
        model,
        new Differentiator(
            model.config(),
            model.passes().keeping(optimizer.settings().keeping()),
            read,
            objective.script()),
        objective,
        optimizer,
        schedule,
        pool,
        seed);
  }

  /** The same with the objective already compiled. */
  Trainee(
      Decoder model,
      Differentiator differentiator,
      Objective objective,
      AdamW optimizer,
      LearningRate schedule,
      ComputePool pool,
      long seed) {
    this.model = model;
    this.differentiator = differentiator;
    this.objective = objective;
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.pool = pool;
    this.seed = seed;
  }

  Decoder model() {
    return model;
  }

  AdamW optimizer() {
    return optimizer;
  }

  /**
   * One optimizer step on the sum of the micro-batches.
   *
   * @param temperature the sampling temperature, for a language head
   * @return loss, the objective's metrics, gradient norm and learning rate, by name
   */
  Map<String, Double> update(List<MicroBatch> batch, double temperature) {
    try (NDManager scope = Torch.newScope()) {
      Sum sum = new Sum();
      long update = CounterRandom.of(seed, DROPOUT, optimizer.steps());
      List<Callable<NDList>> pieces =
          batch.stream()
              .<Callable<NDList>>map(
                  micro ->
                      () ->
                          differentiator.gradients(
                              scope,
                              model,
                              micro.sequences(),
                              temperature,
                              micro.columns(scope),
                              update))
              .toList();
      pool.forEachInOrder(pieces, sum::add);
      double rate = schedule.at(optimizer.steps());
      double norm = optimizer.step(model.trained(), sum.gradients, rate);
      model.weightsChanged();
      return sum.numbers(norm, rate);
    }
  }

  /** Adds what learns and the optimizer state to a digest. */
  void digest(MessageDigest digest) {
    model.trained().digest(digest);
    optimizer.first().digest(digest);
    optimizer.second().digest(digest);
  }

  @Override
  public void close() {
    model.close();
    optimizer.close();
  }

  /** The running sum over micro-batches. */
  private final class Sum {
    private final double[] numbers = new double[1 + objective.metrics().size()];
    private NDList gradients;

    void add(NDList results) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] += results.get(i).toType(DataType.FLOAT64, false).getDouble();
      }
      NDList part = new NDList(results.subList(numbers.length, results.size()));
      if (gradients == null) {
        gradients = part;
      } else {
        AdamW.add(gradients, part);
        part.close();
      }
    }

    Map<String, Double> numbers(double norm, double rate) {
      Map<String, Double> named = new HashMap<>();
      named.put(MetricNames.LOSS.key(), numbers[0]);
      for (int i = 1; i < numbers.length; i++) {
        named.put(objective.metrics().get(i - 1), numbers[i]);
      }
      named.put(MetricNames.GRADIENT_NORM.key(), norm);
      named.put(MetricNames.LEARNING_RATE.key(), rate);
      return named;
    }
  }
}
