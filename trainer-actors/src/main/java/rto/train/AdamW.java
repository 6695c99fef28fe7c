package rto.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import rto.lm.Weights;
import rto.protocol.Diverged;
import rto.tensor.Script;
import rto.tensor.Torch;

/**
 * AdamW with decoupled weight decay and global gradient-norm clipping. Owns the two moments of one
 * model's weights and counts its steps.
 */
public final class AdamW implements AutoCloseable {

  private static final Script SCRIPT =
      Script.compile(Script.source("/rto/train/adamw.py"), Map.of());

  /** From here on reading and writing each number once pays; the result rounds differently. */
  private static final long MANY = 1 << 20;

  private final OptimizerSettings settings;
  private final Weights first;
  private final Weights second;
  private final boolean fused;
  private long steps;

  /** Both moments zero, no step taken. */
  public AdamW(OptimizerSettings settings, Weights shapedLike) {
    this(settings, shapedLike.zeros(), shapedLike.zeros(), 0);
  }

  /** Goes on from moments that were saved after {@code steps} steps; takes them over. */
  public AdamW(OptimizerSettings settings, Weights first, Weights second, long steps) {
    this(settings, first, second, steps, numbers(first) >= MANY);
  }

  /** The same, computed as told. */
  AdamW(OptimizerSettings settings, Weights first, Weights second, long steps, boolean fused) {
    this.settings = settings;
    this.first = first;
    this.second = second;
    this.steps = steps;
    this.fused = fused;
  }

  OptimizerSettings settings() {
    return settings;
  }

  /** m. */
  public Weights first() {
    return first;
  }

  /** v. */
  public Weights second() {
    return second;
  }

  /** Steps taken so far. */
  public long steps() {
    return steps;
  }

  /**
   * Adds a micro-batch's gradients to a sum, in place.
   *
   * @param sum and {@code gradients}: one per tensor, in the same order
   */
  static void add(NDList sum, NDList gradients) {
    try (NDManager scope = Torch.newScope()) {
      SCRIPT.run(scope, "add", sum, gradients);
    }
  }

  /**
   * One step, in place on weights and moments; the gradients are used up.
   *
   * @return the global norm of the gradient before clipping
   * @throws Diverged if the gradient is not finite; nothing is changed then
   */
  double step(Weights weights, NDList gradients, double rate) {
    try (NDManager scope = Torch.newScope()) {
      double norm =
          SCRIPT
              .run(
                  scope,
                  fused ? "fused_step" : "step",
                  weights.tensors(),
                  gradients,
                  first.tensors(),
                  second.tensors(),
                  steps + 1,
                  rate,
                  settings.beta1(),
                  settings.beta2(),
                  settings.epsilon(),
                  settings.weightDecay(),
                  settings.maxGradientNorm())
              .singletonOrThrow()
              .getDouble();
      Diverged.unlessFinite(
          norm,
          "gradient norm at optimizer step %s: %s (expected: finite; lower the learning rate,"
              + " look at the rewards or, in float16, compute in bfloat16)",
          steps,
          norm);
      steps++;
      return norm;
    }
  }

  private static long numbers(Weights weights) {
    return weights.tensors().stream().mapToLong(NDArray::size).sum();
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
