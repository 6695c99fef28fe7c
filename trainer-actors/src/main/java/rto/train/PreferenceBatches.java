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

/** Pairs as a preference loss reads them, with as much of the reference as it asks for. */
final class PreferenceBatches implements TrainingLoop.Batches {

  private final List<Pair> pairs;
  private final int pairsAtOnce;
  private final Differentiator differentiator;
  private final List<float[]> referenceLogProbs;

  /**
   * @param reference read here or with each micro-batch, or not at all: as the loss says
   * @param microBatch sequences that go through a model at once
   */
  PreferenceBatches(
      PreferenceLoss loss, Decoder reference, List<Pair> pairs, int microBatch, ComputePool pool) {
    this.pairs = pairs;
    this.pairsAtOnce = Math.max(1, microBatch / 2);
    this.differentiator =
        loss.reference() == PreferenceLoss.Reference.DISTRIBUTION
            ? Differentiator.against(reference, loss.script())
            : new Differentiator(
                reference.config(),
                reference.passes(),
                Differentiator.Read.EVERY_TOKEN,
                loss.script());
    this.referenceLogProbs =
        loss.reference() == PreferenceLoss.Reference.LOG_PROBS
            ? logProbs(reference, pool)
            : List.of();
  }

  /** Differentiates the loss on these batches. */
  Differentiator differentiator() {
    return differentiator;
  }

  @Override
  public List<MicroBatch> of(int[] chosen) {
    List<Integer> places = IntStream.of(chosen).boxed().toList();
    return Batching.byLength(places, i -> pairs.get(i).length(), pairsAtOnce).stream()
        .map(part -> microBatch(part, 1f / chosen.length))
        .toList();
  }

  private MicroBatch microBatch(List<Integer> part, float weight) {
    List<Sequence> sequences = RewardModelStage.sequences(part.stream().map(pairs::get).toList());
    float[] weights = new float[part.size()];
    Arrays.fill(weights, weight);
    List<Object> columns = new ArrayList<>(List.of(sequenceIds(sequences), weights));
    if (!referenceLogProbs.isEmpty()) {
      List<float[]> known = new ArrayList<>();
      part.forEach(i -> known.addAll(referenceLogProbs.subList(2 * i, 2 * i + 2)));
      columns.add(Batching.concatenated(known));
    }
    return new MicroBatch(sequences, columns);
  }

  /** Computed once: the reference does not change. */
  private List<float[]> logProbs(Decoder reference, ComputePool pool) {
    List<Callable<List<float[]>>> pieces = new ArrayList<>();
    for (List<Pair> part : Batching.inOrder(pairs, pairsAtOnce)) {
      List<Sequence> sequences = RewardModelStage.sequences(part);
      pieces.add(() -> reference.logProbs(sequences, 1, sequences.size()));
    }
    List<float[]> all = new ArrayList<>(2 * pairs.size());
    pool.forEachInOrder(pieces, all::addAll);
    return all;
  }

  private static long[] sequenceIds(List<Sequence> sequences) {
    return IntStream.range(0, sequences.size())
        .boxed()
        .flatMap(i -> IntStream.of(sequences.get(i).response()).mapToObj(token -> (long) i))
        .mapToLong(i -> i)
        .toArray();
  }
}
