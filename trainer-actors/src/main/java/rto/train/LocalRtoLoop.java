package rto.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rto.algorithm.TokenReward;
import rto.lm.Decoder;
import rto.protocol.Require;
import rto.protocol.RolloutTask;
import rto.protocol.ScoredTrajectory;

/**
 * Reinforced Token Optimization in one process, without actors: this is the algorithm, and the
 * oracle for everything distributed, whose digest must equal this one's.
 *
 * <pre>
 *   for k = 0, 1, ...
 *     for each task of iteration k:      prompts x, cut into units of work
 *       y, log π_j(y|x)   ← sample       the policy of version j = max(0, k − η)
 *       log π_ref(y|x)    ← reference    the frozen policy we started from
 *       log π_dpo(y|x)    ← DPO model    only if the token reward asks for it
 *       r_MLE(x, y)       ← reward model
 *     π_{k+1} ← PPO on token rewards of all trajectories, in task order     {@link PpoUpdate}
 * </pre>
 *
 * The staleness η is 0 or 1. With 1 iteration k could be sampled while iteration k − 1 is learned,
 * since neither waits for the other; here one comes after the other all the same.
 */
public final class LocalRtoLoop {

  private final RtoSettings settings;
  private final RolloutPlan plan;
  private final TaskSampler sampler;
  private final Decoder reference;
  private final Optional<Decoder> dpo;
  private final RewardModel reward;
  private final PolicyLearner learner;

  /**
   * @param dpo absent if the token reward does not need it
   * @param learner restored
   */
  public LocalRtoLoop(
      RtoSettings settings,
      RolloutPlan plan,
      Decoder reference,
      Optional<Decoder> dpo,
      RewardModel reward,
      PolicyLearner learner) {
    this.settings = settings;
    this.plan = plan;
    this.sampler = new TaskSampler(settings.generationBatch(), learner.models());
    this.reference = reference;
    this.dpo = dpo;
    this.reward = reward;
    this.learner = learner;
  }

  /** Is told the numbers of each learned iteration. */
  @FunctionalInterface
  public interface Observer {
    void learned(int iteration, Map<String, Double> numbers);
  }

  /**
   * Runs all iterations that the learner has not learned, on a {@link rto.tensor.ComputeThread},
   * and returns the digest of the final state. With η = 1 that must be all of them: a checkpoint
   * does not hold the version before its own.
   */
  public String run(Observer observer) {
    Require.that(
        settings.staleness() == 0 || learner.learned() == 0,
        "iterations learned: %s (expected: 0, with a staleness of 1)",
        learner.learned());
    try (sampler) {
      PolicyLearner.Snapshot before = learner.snapshot();
      for (int k = learner.learned(); k < settings.iterations(); k++) {
        PolicyLearner.Snapshot now = learner.snapshot();
        observer.learned(k, iterate(k, settings.staleness() == 0 ? now : before));
        before.close();
        before = now;
      }
      before.close();
      return learner.digest();
    }
  }

  private Map<String, Double> iterate(int k, PolicyLearner.Snapshot policy) {
    sampler.install(policy.ref(), policy.file());
    List<ScoredTrajectory> trajectories = new ArrayList<>();
    for (RolloutTask task : plan.tasks(k, policy.ref())) {
      trajectories.addAll(score(sample(task)));
    }
    return learner.learn(k, trajectories);
  }

  private List<ScoredTrajectory> sample(RolloutTask task) {
    return sampler.sample(task).stream().map(ScoredTrajectory::unscored).toList();
  }

  /** Each frozen model adds its column. */
  private List<ScoredTrajectory> score(List<ScoredTrajectory> trajectories) {
    Scoring scoring = new Scoring(settings.temperature(), settings.microBatch());
    List<ScoredTrajectory> scored = scoring.reference(reference, trajectories);
    if (settings.needs().contains(TokenReward.Column.DPO)) {
      scored = scoring.dpo(dpo.orElseThrow(), scored);
    }
    return scoring.reward(reward, scored);
  }
}
