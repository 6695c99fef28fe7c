package rto.train;

import static rto.protocol.Require.problem;

import rto.protocol.Require;

/**
 * A supervised stage: how often it reads its data, and in what portions.
 *
 * @param epochs passes over the data, parts of one allowed
 * @param batchSize examples per optimizer step
 * @param microBatch sequences that go through the model at once; bounds memory. The gradient is the
 *     same for every cut, but rounds differently, which the digest shows
 * @param learningRate the peak
 */
public record StageSettings(double epochs, int batchSize, int microBatch, double learningRate) {

  public StageSettings {
    Require.all(
        problem(epochs > 0 && Double.isFinite(epochs), "epochs: %s (expected: > 0)", epochs),
        problem(batchSize > 0, "batch-size: %s (expected: > 0)", batchSize),
        problem(
            learningRate > 0 && Double.isFinite(learningRate),
            "learning-rate: %s (expected: > 0)",
            learningRate),
        problem(microBatch > 0, "micro-batch: %s (expected: > 0)", microBatch));
  }

  /** Optimizer steps over {@code examples} examples; at least one. */
  public long steps(int examples) {
    return Math.max(1, Math.round(epochs * examples / batchSize));
  }
}
