package rto.train;

import java.nio.file.Path;
import java.util.Optional;
import rto.protocol.AbsentMeans;

/**
 * The reward model r_MLE: given, or trained on the pairs.
 *
 * @param path of a given one, a sequence classifier with one label in the Hugging Face layout,
 *     which may have a tokenizer of its own
 * @param epochs of training, as in {@link StageSettings}
 * @param batchSize pairs per optimizer step
 * @param microBatch sequences that go through the model at once, in training and for the scores of
 *     held-out pairs
 * @param learningRate the peak
 */
public record RewardModelSettings(
    @AbsentMeans("off") Optional<Path> path,
    double epochs,
    int batchSize,
    int microBatch,
    double learningRate) {

  public RewardModelSettings {
    new StageSettings(epochs, batchSize, microBatch, learningRate);
  }

  /** One that is trained. */
  public static RewardModelSettings trained(StageSettings s) {
    return new RewardModelSettings(
        Optional.empty(), s.epochs(), s.batchSize(), s.microBatch(), s.learningRate());
  }

  /** The same with this one given. */
  public RewardModelSettings withPath(Optional<Path> other) {
    return new RewardModelSettings(other, epochs, batchSize, microBatch, learningRate);
  }

  /** How it is trained. */
  public StageSettings training() {
    return new StageSettings(epochs, batchSize, microBatch, learningRate);
  }
}
