package rto.lm;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Map;
import rto.tensor.ComputeDevice;
import rto.tensor.Script;
import rto.tensor.Torch;

/**
 * The numbers that a decoder's matrices are multiplied in. Norms, softmax, log-probabilities and
 * losses are float32 in all, and so is everything that an optimizer steps.
 */
public enum ComputeType {
  FLOAT32(6),
  /**
   * Eight bits of fraction and float32's range: half the memory, and twice to four times the rate
   * where hardware has it.
   */
  BFLOAT16(15),
  /**
   * Eleven bits of fraction, but nothing above 65,504: half the memory. Models that were trained in
   * bfloat16 may exceed it, and a temperature far below 1 brings any nearer to it. Gradients are
   * scaled, by the largest, on their way through the model. For GPUs: processors were seen to
   * multiply it at a quarter of float32's rate.
   */
  FLOAT16(5);

  /** The products that a model in other numbers than float32 needs, of x [32, 32]. */
  private static final String TRIAL =
      """
        def trial(self, x: Tensor, dtype: int) -> Tensor:
          w = x.to(dtype=dtype)
          y = torch.linear(w, w)
          if dtype == 15 and not ops.prim.is_cuda(x):
            packed = ops.mkldnn._reorder_linear_weight(w, 32)
            y = ops.mkldnn._linear_pointwise(w, packed, None, "none", [], "")
          return torch.linear(y, w).to(dtype=6)
      """;

  private static final int SIZE = 32;

  private final long code;

  ComputeType(long code) {
    this.code = code;
  }

  /** What libtorch calls it. */
  long code() {
    return code;
  }

  /** Compiled at the first use. */
  private static final class Trial {
    static final Script SCRIPT = Script.compile(TRIAL, Map.of());
  }

  /** Whether this thread's device multiplies these numbers. */
  public boolean isSupported() {
    try {
      requireSupported();
      return true;
    } catch (IllegalArgumentException unsupported) {
      return false;
    }
  }

  /**
   * Finds out by two small products whether this thread's device multiplies these numbers.
   *
   * @throws IllegalArgumentException if it does not, or not rightly
   */
  public void requireSupported() {
    if (this == FLOAT32) {
      return;
    }
    try (NDManager scope = Torch.newScope()) {
      float[] twice =
          Trial.SCRIPT
              .run(scope, "trial", scope.ones(new Shape(SIZE, SIZE)), code)
              .singletonOrThrow()
              .toFloatArray();
      for (float one : twice) {
        if (one != SIZE * SIZE) {
          throw unsupported("1 · 1, summed over 32 · 32, is " + one, null);
        }
      }
    } catch (EngineException refused) {
      throw unsupported(reason(refused.getMessage()), refused);
    }
  }

  /** libtorch tells where it was first, and why last. */
  private static String reason(String message) {
    return message.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
  }

  private IllegalArgumentException unsupported(String reason, Throwable cause) {
    return new IllegalArgumentException(
        "compute-type: %s (expected: float32, on this %s: %s)"
            .formatted(
                name().toLowerCase(Locale.ROOT),
                ComputeDevice.current().isCpu() ? "processor" : "GPU",
                reason),
        cause);
  }
}
