package rto.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import rto.checkpoint.ScratchFile;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;
import rto.rollout.PolicyEngine;

/** Samples by hashing task and weights. Refuses weights that are not what they are called. */
public class HashingPolicy implements PolicyEngine {

  private WeightsRef installed;

  @Override
  public void install(WeightsRef ref, ScratchFile snapshot) {
    if (!Hashes.sha256(Snapshots.bytes(snapshot)).equals(ref.sha256())) {
      throw new IllegalStateException("damaged weights were installed");
    }
    installed = ref;
  }

  @Override
  public List<Trajectory> sample(RolloutTask task) {
    if (!task.weights().equals(installed)) {
      throw new IllegalStateException("sampling with other weights than the task names");
    }
    var trajectories = new ArrayList<Trajectory>();
    for (Prompt prompt : task.prompts()) {
      for (int sample = 0; sample < task.samplesPerPrompt(); sample++) {
        trajectories.add(response(task, prompt, sample));
      }
    }
    return trajectories;
  }

  private static Trajectory response(RolloutTask task, Prompt prompt, int sample) {
    String key =
        task.seed() + "/" + task.id() + "/" + prompt.index() + "/" + sample + task.weights();
    var random = new Random(key.hashCode());
    int length = 1 + random.nextInt(task.sampling().maxNewTokens());
    float[] logProbs = new float[length];
    for (int t = 0; t < length; t++) {
      logProbs[t] = -random.nextFloat();
    }
    int[] tokens = random.ints(length, 0, 100).toArray();
    return new Trajectory(prompt, sample, tokens, logProbs, false, task.weights().version());
  }
}
