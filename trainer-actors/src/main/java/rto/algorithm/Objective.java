package rto.algorithm;

import java.util.List;

/**
 * A loss, written as a TorchScript method over what the model put out.
 *
 * <p>The output is [N]: for a language model the log-prob of each response token, all responses of
 * the micro-batch end to end without padding; for a critic the value at each response position; for
 * a reward model one score per sequence. The loss and the metrics are sums whose weights come in as
 * a column, so adding up micro-batches gives exactly the mean over the batch for which the weights
 * were made ({@link TokenWeights}). Works in whatever precision the output has; the columns come in
 * the same. Gradients flow into the output only.
 */
public interface Objective {

  /**
   * Source of {@code def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:},
   * indented by two spaces as a method of the class that the tensor room compiles. Its first result
   * is the scalar to minimise, the others are the scalars that {@link #metrics()} names.
   */
  String script();

  /** Names of the columns, in order. */
  List<String> columns();

  /** Names of the results after the loss, in order; each a weighted sum like the loss. */
  List<String> metrics();
}
