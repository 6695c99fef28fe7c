package rto.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import rto.checkpoint.ScratchFile;
import rto.data.CounterRandom;
import rto.lm.Decoder;
import rto.lm.TextGenerator;
import rto.lm.io.HfCheckpoint;
import rto.protocol.Prompt;
import rto.protocol.Require;
import rto.protocol.RolloutTask;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;

/**
 * Samples tasks with the weights of one version at a time. The random number of a token is keyed by
 * (seed, iteration, prompt, sample, position), so a task's trajectories depend on nothing but the
 * task and the weights.
 */
public final class TaskSampler implements AutoCloseable {

  private final int generationBatch;
  private TextGenerator generator;
  private WeightsRef installed;

  /** Samples at most {@code generationBatch} responses at once. */
  public TaskSampler(int generationBatch) {
    this.generationBatch = generationBatch;
  }

  /** Installs a full snapshot whole; the weights before it are freed. */
  public void install(WeightsRef weights, ScratchFile snapshot) {
    String name = "weights-version-" + weights.version();
    Require.that(
        weights.base().isEmpty(),
        "%s: an adapter over base %s (expected: a full snapshot)",
        name,
        weights.base().orElse(""));
    try {
      try (Decoder policy = HfCheckpoint.read(snapshot.channel(), name).frozen()) {
        TextGenerator next = new TextGenerator(policy, generationBatch);
        close();
        generator = next;
        installed = weights;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All responses of a task: for each prompt in order, its samples in order. */
  public List<Trajectory> sample(RolloutTask task) {
    Require.that(
        task.weights().equals(installed),
        "task %s wants weights %s (expected: those installed, %s)",
        task.id(),
        task.weights(),
        installed);
    List<int[]> prompts = new ArrayList<>();
    for (Prompt prompt : task.prompts()) {
      for (int sample = 0; sample < task.samplesPerPrompt(); sample++) {
        prompts.add(prompt.tokens());
      }
    }
    List<TextGenerator.Response> responses =
        generator.generate(prompts, task.sampling(), Set.copyOf(task.endTokens()), uniforms(task));
    List<Trajectory> trajectories = new ArrayList<>(responses.size());
    for (int i = 0; i < responses.size(); i++) {
      TextGenerator.Response response = responses.get(i);
      trajectories.add(
          new Trajectory(
              task.prompts().get(i / task.samplesPerPrompt()),
              i % task.samplesPerPrompt(),
              response.tokens(),
              response.logProbs(),
              response.truncated(),
              task.weights().version()));
    }
    return trajectories;
  }

  private static TextGenerator.Uniforms uniforms(RolloutTask task) {
    int samples = task.samplesPerPrompt();
    return (request, position) ->
        CounterRandom.unit(
            CounterRandom.of(
                task.seed(),
                task.id().iteration(),
                task.prompts().get(request / samples).index(),
                request % samples,
                position));
  }

  @Override
  public void close() {
    if (generator != null) {
      generator.close();
      generator = null;
    }
  }
}
