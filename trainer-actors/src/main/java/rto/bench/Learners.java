package rto.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import rto.algorithm.KlController;
import rto.algorithm.RewardWeights;
import rto.algorithm.TokenRewardVariant;
import rto.algorithm.TokenWeights;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.tensor.ComputePool;
import rto.train.AdvantageVariant;
import rto.train.Models;
import rto.train.OptimizerSettings;
import rto.train.PolicyLearner;
import rto.train.RtoSettings;

/** Real learners for a shape, with settings as in the presets and steps too small to matter. */
final class Learners {

  static final double RATE = 1e-6;

  private static final int MINIBATCHES = 2;
  private static final int MANY = 100_000;
  private static final long SEED = 1;

  private Learners() {}

  /** An iteration has two minibatches. */
  static RtoSettings settings(BenchShape shape, int prompts, AdvantageVariant advantage) {
    int trajectories = prompts * BenchShape.SAMPLES_PER_PROMPT;
    return new RtoSettings(
        MANY,
        prompts,
        BenchShape.SAMPLES_PER_PROMPT,
        shape.promptsPerTask(),
        shape.batch(),
        1,
        shape.newTokens(),
        TokenRewardVariant.RTO,
        new RewardWeights(0.05, 1, OptionalDouble.of(0.05), 0),
        new KlController.Fixed(0.05),
        advantage,
        1,
        0.95,
        0.2,
        OptionalDouble.of(0.2),
        TokenWeights.SEQUENCE_MEAN,
        1,
        trajectories / MINIBATCHES,
        shape.microBatch(),
        RATE,
        RATE,
        MANY,
        0);
  }

  /**
   * A learner at the beginning, with copies of the models.
   *
   * @param folder for their files
   */
  static PolicyLearner learner(
      RtoSettings settings,
      Decoder policy,
      Decoder reward,
      TemporaryFolder folder,
      ComputePool pool)
      throws IOException {
    PolicyLearner learner =
        new PolicyLearner(
            settings,
            settings.rule(List::of),
            new OptimizerSettings(0.9, 0.95, 1e-8, 0, 1, 0.03, 0.1),
            Models.of(saved(policy, folder.folder("policy")), Optional.empty()),
            saved(reward, folder.folder("reward-model")),
            folder.path().resolve("checkpoints"),
            pool,
            SEED);
    learner.restore(Optional.empty());
    return learner;
  }

  private static Path saved(Decoder model, Path folder) throws IOException {
    HfCheckpoint.save(model, folder);
    return folder;
  }
}
