package rto.train;

import java.util.List;
import rto.algorithm.PreferenceLoss;
import rto.lm.Decoder;
import rto.tensor.ComputePool;

/** Learning a policy from preferences alone: DPO and its relatives, whatever the loss says. */
public final class PreferenceStage {

  private final TrainingLoop loop;
  private final Tuning tuning;
  private final ComputePool pool;

  PreferenceStage(TrainingLoop loop, Tuning tuning, ComputePool pool) {
    this.loop = loop;
    this.tuning = tuning;
    this.pool = pool;
  }

  /**
   * Returns the trained model; {@code reference} stays as it is.
   *
   * @param reference π_ref, where training starts and what most losses tie it to
   */
  Decoder run(Decoder reference, PreferenceLoss loss, List<Pair> pairs, long seed) {
    PreferenceBatches batches =
        new PreferenceBatches(
            loss,
            reference,
            tuning.lora(),
            pairs,
            loop.settings().microBatch(),
            loop.optimizer().keeping(),
            pool);
    Decoder model = tuning.copy(reference, seed);
    try {
      train(model, loss, batches, pairs.size(), seed);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private void train(
      Decoder model, PreferenceLoss loss, PreferenceBatches batches, int pairs, long seed) {
    StageSettings settings = loop.settings();
    try (AdamW optimizer = new AdamW(loop.optimizer(), model.trained())) {
      Trainee trainee =
          new Trainee(
              model,
              batches.differentiator(),
              loss,
              optimizer,
              loop.optimizer().schedule(settings.learningRate(), settings.steps(pairs)),
              pool,
              seed);
      loop.run(trainee, pairs, seed, batches);
    }
  }
}
