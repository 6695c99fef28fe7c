package rto.algorithm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import rto.tensor.Script;
import rto.tensor.Torch;

/** Runs an objective on libtorch and gives back its results and the gradient of its loss. */
final class Probe {

  private static final String GRADIENT =
      """
        def probe(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
          leaf = output.detach().requires_grad_(True)
          results = self.objective(leaf, columns)
          out : List[Tensor] = []
          for gradient in torch.grad([results[0]], [leaf]):
            if gradient is not None:
              out.append(gradient)
          for result in results:
            out.append(result.detach())
          return out
      """;

  /** Gradient [N], the loss, the metrics in order, and the precision that all of them came in. */
  record Result(double[] gradient, double loss, double[] metrics, DataType dtype) {}

  private final Script script;

  Probe(Objective objective) {
    script = Script.compile(objective.script() + GRADIENT, Map.of());
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
