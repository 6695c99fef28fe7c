package rto.rollout;

import java.util.List;
import rto.checkpoint.ScratchFile;
import rto.protocol.RolloutTask;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;

/**
 * The policy as rollout sees it. Both methods block, and are called one at a time on the worker's
 * compute executor.
 */
public interface PolicyEngine {

  /**
   * Takes up these weights, or keeps the old ones and throws.
   *
   * @param snapshot not to be read after this call
   */
  void install(WeightsRef ref, ScratchFile snapshot);

  /**
   * Samples the task's responses with the installed weights: {@code samplesPerPrompt} for each
   * prompt, prompt by prompt, a pure function of task and weights.
   */
  List<Trajectory> sample(RolloutTask task);
}
