package rto.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import rto.algorithm.NllLoss;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Sequence;
import rto.tensor.ComputePool;

/**
 * Likelihood training: a base model from scratch, or supervised fine-tuning of a given one.
 *
 * <pre>
 *   L = −(1/N) Σ log π(y_t|s_t),  N = response tokens of the whole batch
 * </pre>
 */
public final class SftStage {

  private final TrainingLoop loop;
  private final ComputePool pool;

  SftStage(TrainingLoop loop, ComputePool pool) {
    this.loop = loop;
    this.pool = pool;
  }

  /**
   * Trains {@code model} in place.
   *
   * @return the numbers of the last step
   */
  Map<String, Double> run(Decoder model, List<Sequence> examples, long seed) {
    StageSettings settings = loop.settings();
    try (AdamW optimizer = new AdamW(loop.optimizer(), model.trained())) {
      Trainee trainee =
          new Trainee(
              model,
              Differentiator.Read.TOKEN_BY_TOKEN,
              new NllLoss(),
              optimizer,
              loop.optimizer().schedule(settings.learningRate(), settings.steps(examples.size())),
              pool,
              seed);
      return loop.run(trainee, examples.size(), seed, chosen -> batch(examples, chosen));
    }
  }

  private List<MicroBatch> batch(List<Sequence> examples, int[] chosen) {
    List<Sequence> batch = IntStream.of(chosen).mapToObj(examples::get).toList();
    int tokens = batch.stream().mapToInt(s -> s.response().length).sum();
    return Batching.byLength(batch, Sequence::length, loop.settings().microBatch()).stream()
        .map(part -> new MicroBatch(part, List.of(weights(part, 1f / tokens))))
        .toList();
  }

  private static float[] weights(List<Sequence> part, float weight) {
    float[] weights = new float[part.stream().mapToInt(s -> s.response().length).sum()];
    Arrays.fill(weights, weight);
    return weights;
  }
}
