package rto.lm;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Map;
import rto.tensor.Script;
import rto.tensor.Torch;

/**
 * The numbers that a decoder's matrices are multiplied in. Norms, softmax, log-probabilities and
 * losses are float32 in both, and so is everything that an optimizer steps.
 */
public enum ComputeType {
  FLOAT32,
  /**
   * Eight bits of fraction: half the memory, and twice to four times the rate where hardware has
   * it.
   */
  BFLOAT16;

  /** The products that a model in bfloat16 needs, of x [32, 32]. */
  private static final String TRIAL =
      """
        def trial(self, x: Tensor) -> Tensor:
          w = x.to(dtype=15)
          packed = ops.mkldnn._reorder_linear_weight(w, 32)
          y = ops.mkldnn._linear_pointwise(w, packed, None, "none", [], "")
          return torch.linear(y, w).to(dtype=6)
      """;

  private static final int SIZE = 32;

  /** Compiled at the first use. */
  private static final class Trial {
    static final Script SCRIPT = Script.compile(TRIAL, Map.of());
  }

  /** Whether this processor multiplies these numbers. */
  public boolean isSupported() {
    try {
      requireSupported();
      return true;
    } catch (IllegalArgumentException unsupported) {
      return false;
    }
  }

  /**
   * Finds out by two small products whether this processor multiplies these numbers.
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
              .run(scope, "trial", scope.ones(new Shape(SIZE, SIZE)))
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
        "compute-type: %s (expected: float32, on this processor: %s)"
            .formatted(name().toLowerCase(Locale.ROOT), reason),
        cause);
  }
}
