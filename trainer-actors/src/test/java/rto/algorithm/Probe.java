package rto.algorithm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import rto.tensor.Script;
import rto.tensor.Torch;

/** Runs an objective on libtorch and gives back its results and the gradient of its loss. */
final class Probe {

  private static final String GRADIENT =
      """
        def probe(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
          leaf = output.detach().requires_grad_(True)
          results = %s
          out : List[Tensor] = []
          for gradient in torch.grad([results[0]], [leaf]):
            if gradient is not None:
              out.append(gradient)
          for result in results:
            out.append(result.detach())
          return out
      """;

  private static final String OF_LOGITS =
      """
        def of_logits(self, logits: Tensor, columns: List[Tensor]) -> List[Tensor]:
          targets = columns[1]
          rows = [torch.size(targets, 0), -1]
          both = self.compared(logits.view(rows), columns[0].view(rows), targets, columns[2])
          return self.objective(both, columns[3:])
      """;

  /** Gradient [N], the loss, the metrics in order, and the precision that all of them came in. */
  record Result(double[] gradient, double loss, double[] metrics, DataType dtype) {}

  private final Script script;

  Probe(Objective objective) {
    this(objective.script(), "self.objective(leaf, columns)");
  }

  private Probe(String methods, String results) {
    script = Script.compile(methods + GRADIENT.formatted(results), Map.of());
  }

  /**
   * The objective on how a policy differs from a reference, differentiated by the policy's logits
   * [N · V]. Columns: the reference's logits [N · V], targets [N], temperature [1], then those of
   * the objective.
   */
  static Probe ofLogits(Objective objective) {
    return new Probe(
        objective.script() + comparison() + OF_LOGITS, "self.of_logits(leaf, columns)");
  }

  /** The very script that models are trained with. */
  private static String comparison() {
    try (InputStream in = Probe.class.getResourceAsStream("/rto/lm/comparison.py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In float64; a column is a double[] or a long[]. */
  Result float64(double[] output, Object... columns) {
    try (NDManager scope = Torch.newScope()) {
      return run(scope, DataType.FLOAT64, output, columns);
    }
  }

  /** The same rounded to float32. */
  Result float32(double[] output, Object... columns) {
    try (NDManager scope = Torch.newScope()) {
      return run(scope, DataType.FLOAT32, output, columns);
    }
  }

  private Result run(NDManager scope, DataType dtype, double[] output, Object... columns) {
    NDList arguments = new NDList();
    for (Object column : columns) {
      arguments.add(
          column instanceof long[] ids
              ? scope.create(ids)
              : scope.create((double[]) column).toType(dtype, false));
    }
    NDArray leaf = scope.create(output).toType(dtype, false);
    NDList results = script.train(scope, "probe", leaf, arguments);
    double[] metrics = new double[results.size() - 2];
    for (int i = 0; i < metrics.length; i++) {
      metrics[i] = doubles(results.get(i + 2))[0];
    }
    DataType came = results.get(0).getDataType();
    for (NDArray result : results) {
      came = result.getDataType() == came ? came : DataType.UNKNOWN;
    }
    return new Result(doubles(results.get(0)), doubles(results.get(1))[0], metrics, came);
  }

  private static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }
}
