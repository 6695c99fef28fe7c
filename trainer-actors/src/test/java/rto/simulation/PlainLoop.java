package rto.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rto.learner.LearnerEngine.Snapshot;
import rto.protocol.RolloutTask;
import rto.protocol.ScoredTrajectory;
import rto.run.RunPlan;

/** A simulated run without actors: what its digest must be. */
final class PlainLoop {

  private PlainLoop() {}

  /** The digest after the last iteration; iteration k is sampled by version max(0, k − η). */
  static String digest(RunPlan plan) {
    var learner = new HashingLearner.Disk().newLearner();
    var versions = new ArrayList<Snapshot>();
    versions.add(learner.restore(Optional.empty()));
    for (int k = 0; k < plan.iterations(); k++) {
      Snapshot sampling = versions.get(Math.max(0, k - plan.staleness()));
      versions.add(learner.learn(k, sampled(plan, k, sampling)).snapshot());
    }
    return versions.get(plan.iterations()).digest();
  }

  private static List<ScoredTrajectory> sampled(RunPlan plan, int k, Snapshot sampling) {
    var policy = new HashingPolicy();
    policy.install(sampling.ref(), sampling.bytes());
    var all = new ArrayList<ScoredTrajectory>();
    for (RolloutTask task : Tasks.of(plan, k, sampling.ref())) {
      all.addAll(policy.sample(task).stream().map(ScoredTrajectory::unscored).toList());
    }
    return Scorers.all(all);
  }
}
