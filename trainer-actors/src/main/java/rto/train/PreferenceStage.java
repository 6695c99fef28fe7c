package rto.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import rto.algorithm.PreferenceLoss;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Sequence;
import rto.tensor.ComputePool;

/** Learning a policy from preferences alone: DPO and its relatives, whatever the loss says. */
public final class PreferenceStage {

  private final TrainingLoop loop;
  private final ComputePool pool;

  PreferenceStage(TrainingLoop loop, ComputePool pool) {
    this.loop = loop;
    this.pool = pool;
  }

  /**
   * Returns the trained model; {@code reference} stays as it is.
   *
   * @param reference π_ref, where training starts and what it is tied to
   */
  Decoder run(Decoder reference, PreferenceLoss loss, List<Pair> pairs, long seed) {
    List<float[]> referenceLogProbs = referenceLogProbs(reference, pairs);
    Decoder model = reference.withWeights(reference.weights().copy());
    try {
      train(model, loss, pairs, referenceLogProbs, seed);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private void train(
      Decoder model,
      PreferenceLoss loss,
      List<Pair> pairs,
      List<float[]> referenceLogProbs,
      long seed) {
    StageSettings settings = loop.settings();
    try (AdamW optimizer = new AdamW(loop.optimizer(), model.weights())) {
      Trainee trainee =
          new Trainee(
              model,
              Differentiator.Read.EVERY_TOKEN,
              loss,
              optimizer,
              loop.optimizer().schedule(settings.learningRate(), settings.steps(pairs.size())),
              pool);
      loop.run(trainee, pairs.size(), seed, chosen -> batch(pairs, referenceLogProbs, chosen));
    }
  }

  /** Computed once: the reference does not change. */
  private List<float[]> referenceLogProbs(Decoder reference, List<Pair> pairs) {
    List<Callable<List<float[]>>> pieces = new ArrayList<>();
    for (List<Pair> part : Batching.inOrder(pairs, pairsAtOnce())) {
      List<Sequence> sequences = RewardModelStage.sequences(part);
      pieces.add(() -> reference.logProbs(sequences, 1, sequences.size()));
    }
    List<float[]> all = new ArrayList<>(2 * pairs.size());
    pool.forEachInOrder(pieces, all::addAll);
    return all;
  }

  private int pairsAtOnce() {
    return Math.max(1, loop.settings().microBatch() / 2);
  }

  private List<MicroBatch> batch(List<Pair> pairs, List<float[]> reference, int[] chosen) {
    List<Integer> places = IntStream.of(chosen).boxed().toList();
    List<MicroBatch> micros = new ArrayList<>();
    for (List<Integer> part :
        Batching.byLength(places, i -> pairs.get(i).length(), pairsAtOnce())) {
      List<Sequence> sequences = RewardModelStage.sequences(part.stream().map(pairs::get).toList());
      List<float[]> known = new ArrayList<>();
      part.forEach(i -> known.addAll(reference.subList(2 * i, 2 * i + 2)));
      float[] weights = new float[part.size()];
      Arrays.fill(weights, 1f / chosen.length);
      micros.add(
          new MicroBatch(
              sequences, List.of(sequenceIds(sequences), Batching.concatenated(known), weights)));
    }
    return micros;
  }

  private static long[] sequenceIds(List<Sequence> sequences) {
    return IntStream.range(0, sequences.size())
        .boxed()
        .flatMap(i -> IntStream.of(sequences.get(i).response()).mapToObj(token -> (long) i))
        .mapToLong(i -> i)
        .toArray();
  }
}
