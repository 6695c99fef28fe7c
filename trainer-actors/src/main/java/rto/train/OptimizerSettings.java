package rto.train;

import static rto.protocol.Require.problem;

import rto.algorithm.LearningRate;
import rto.lm.Keeping;
import rto.protocol.AbsentMeans;
import rto.protocol.Require;

/**
 * AdamW, gradient clipping and the shape of the learning-rate schedule, for all stages alike.
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled, for matrices only; 0 means none
 * @param maxGradientNorm a longer gradient is scaled down to this global norm
 * @param warmup part of the steps with a rising rate
 * @param finalFraction of the peak rate, at the last step
 * @param layerCheckpoints whether gradients keep each layer's input alone and compute the layer
 *     again; the same gradients to the bit
 */
public record OptimizerSettings(
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double maxGradientNorm,
    double warmup,
    double finalFraction,
    @AbsentMeans("false") boolean layerCheckpoints) {

  /** Without layer checkpoints. */
  public OptimizerSettings(
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double maxGradientNorm,
      double warmup,
      double finalFraction) {
    this(beta1, beta2, epsilon, weightDecay, maxGradientNorm, warmup, finalFraction, false);
  }

  public OptimizerSettings {
    Require.all(
        problem(0 <= beta1 && beta1 < 1, "beta1: %s (expected: in [0, 1))", beta1),
        problem(0 <= beta2 && beta2 < 1, "beta2: %s (expected: in [0, 1))", beta2),
        problem(epsilon > 0, "epsilon: %s (expected: > 0)", epsilon),
        problem(weightDecay >= 0, "weight-decay: %s (expected: >= 0)", weightDecay),
        problem(maxGradientNorm > 0, "max-gradient-norm: %s (expected: > 0)", maxGradientNorm),
        problem(0 <= warmup && warmup < 1, "warmup: %s (expected: in [0, 1))", warmup),
        problem(
            0 <= finalFraction && finalFraction <= 1,
            "final-fraction: %s (expected: in [0, 1])",
            finalFraction));
  }

  Keeping keeping() {
    return layerCheckpoints ? Keeping.LAYER_INPUTS : Keeping.EVERYTHING;
  }

  /** The rate of each of {@code steps} steps, {@code peak} at most. */
  LearningRate schedule(double peak, long steps) {
    return new LearningRate.WarmupCosine(peak, warmup, finalFraction, steps);
  }
}
