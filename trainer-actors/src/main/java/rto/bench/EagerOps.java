package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import rto.tensor.Script;

/**
 * The operators that DJL's arrays lack, one TorchScript call each.
 *
 * @param recording whether gradients are recorded
 */
record EagerOps(boolean recording) {

  private static final Script SCRIPT =
      Script.compile(Script.source("/rto/bench/eager.py"), Map.of());

  NDArray silu(NDArray x) {
    return call(x.getManager(), "silu", x);
  }

  NDArray causalAttention(NDArray q, NDArray k, NDArray v) {
    return call(q.getManager(), "causal", q, k, v);
  }

  /**
   * @param seen booleans that broadcast to [B, H, queries, keys]
   */
  NDArray attention(NDArray q, NDArray k, NDArray v, NDArray seen) {
    return call(q.getManager(), "masked", q, k, v, seen);
  }

  private NDArray call(NDManager scope, String method, Object... arguments) {
    return (recording
            ? SCRIPT.train(scope, method, arguments)
            : SCRIPT.run(scope, method, arguments))
        .singletonOrThrow();
  }
}
