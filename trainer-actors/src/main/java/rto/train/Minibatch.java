package rto.train;

import java.util.ArrayList;
import java.util.List;
import rto.algorithm.TokenWeights;
import rto.lm.Sequence;

/**
 * The responses of one optimizer step. What is learned about them stands in lists over the whole
 * iteration, in task order.
 *
 * @param sequences all responses of the iteration
 * @param places of this minibatch's responses among them
 * @param mean how token losses become one number
 * @param microBatch responses that go through a model at once
 */
record Minibatch(
    List<Sequence> sequences, List<Integer> places, TokenWeights mean, int microBatch) {

  /**
   * The columns that both losses read: what was, what to go for, and the weights.
   *
   * @param old one array [H] per response of the iteration
   * @param target the same
   */
  List<MicroBatch> micros(List<float[]> old, List<float[]> target) {
    List<MicroBatch> micros = new ArrayList<>();
    for (List<Integer> part :
        Batching.byLength(places, i -> sequences.get(i).length(), microBatch)) {
      micros.add(
          new MicroBatch(
              part.stream().map(sequences::get).toList(),
              List.of(column(part, old), column(part, target), weights(part))));
    }
    return micros;
  }

  private static float[] column(List<Integer> part, List<float[]> values) {
    return Batching.concatenated(part.stream().map(values::get).toList());
  }

  private float[] weights(List<Integer> part) {
    int tokens = places.stream().mapToInt(this::tokens).sum();
    return Batching.concatenated(
        part.stream().map(i -> mean.ofOne(tokens(i), places.size(), tokens)).toList());
  }

  private int tokens(int place) {
    return sequences.get(place).response().length;
  }
}
