package rto.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import rto.data.DataCursor;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;

/**
 * The one loop of all supervised stages: walk over the examples, update, tell how far it is.
 *
 * @param stage what runs, for people and for metrics.jsonl
 * @param metrics where every step's numbers go
 */
record TrainingLoop(
    String stage,
    StageSettings settings,
    OptimizerSettings optimizer,
    Progress progress,
    MetricsLog metrics) {

  /** Turns examples, named by their place in the dataset, into a batch. */
  @FunctionalInterface
  interface Batches {
    List<MicroBatch> of(int[] examples);
  }

  /**
   * Runs all steps.
   *
   * @param examples how many the dataset has
   * @return the numbers of the last step
   */
  Map<String, Double> run(Trainee trainee, int examples, long seed, Batches batches) {
    long steps = settings.steps(examples);
    DataCursor cursor = new DataCursor(examples, seed);
    Map<String, Double> numbers = Map.of();
    try (Progress.Stage shown = progress.begin(stage, "steps", steps)) {
      metrics.dropFrom(stage, 0);
      for (long step = 0; step < steps; step++) {
        int[] chosen = cursor.batch(step, settings.batchSize());
        numbers = trainee.update(batches.of(chosen), 1);
        metrics.append(new MetricsLog.Entry(stage, step, numbers));
        shown.step(step + 1, numbers);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(stage + ": metrics could not be written", e);
    }
    return numbers;
  }
}
