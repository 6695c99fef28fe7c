package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import rto.lm.Sequence;

/**
 * Sequences as right-padded arrays.
 *
 * @param tokens [B, T]
 * @param places [N], flat positions before each response token
 * @param targets [N], the response tokens
 */
record EagerBatch(NDArray tokens, NDArray places, NDArray targets) {

  static EagerBatch of(List<Sequence> sequences, NDManager scope) {
    int width = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
    int read = sequences.stream().mapToInt(s -> s.response().length).sum();
    long[] tokens = new long[sequences.size() * width];
    long[] places = new long[read];
    long[] targets = new long[read];
    int at = 0;
    for (int b = 0; b < sequences.size(); b++) {
      Sequence s = sequences.get(b);
      int start = b * width;
      for (int t = 0; t < s.prompt().length; t++) {
        tokens[start + t] = s.prompt()[t];
      }
      for (int h = 0; h < s.response().length; h++) {
        int place = start + s.prompt().length + h;
        tokens[place] = s.response()[h];
        places[at] = place - 1;
        targets[at++] = s.response()[h];
      }
    }
    return new EagerBatch(
        scope.create(tokens, new Shape(sequences.size(), width)),
        scope.create(places),
        scope.create(targets));
  }

  /** log π of every response token, [N]. */
  NDArray logProbs(EagerLlama model) {
    NDArray hidden = model.hidden(tokens);
    NDArray flat = hidden.reshape(-1, hidden.getShape().get(2));
    NDArray all = model.logits(flat.get(places)).logSoftmax(1);
    return all.gather(targets.expandDims(1), 1).squeeze(1);
  }
}
