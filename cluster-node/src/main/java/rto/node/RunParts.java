package rto.node;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import rto.learner.LearnerEngine;
import rto.protocol.Require;
import rto.rollout.PolicyEngine;
import rto.rollout.RolloutSettings;
import rto.run.RunObserver;
import rto.run.RunPlan;
import rto.run.TaskSource;
import rto.scoring.TrajectoryScorer;

/**
 * Everything that a run needs beside actors, where one node has all of it.
 *
 * @param policies one per rollout worker; each engine has an executor of its own
 * @param scorers the rooms whose columns the token reward states; PPO has no {@link NodeRole#DPO}
 */
public record RunParts(
    RunPlan plan,
    TaskSource tasks,
    Compute<LearnerEngine> learner,
    List<Compute<PolicyEngine>> policies,
    Map<NodeRole, Compute<TrajectoryScorer>> scorers,
    RolloutSettings rollout,
    RunObserver observer) {

  public RunParts {
    policies = List.copyOf(policies);
    scorers = Map.copyOf(scorers);
    scorers
        .keySet()
        .forEach(
            role ->
                Require.that(
                    role.compareTo(NodeRole.REFERENCE) >= 0,
                    "scorer: %s (expected: reference, dpo or reward)",
                    role.id()));
  }

  /** What a node that holds all these parts does. */
  public List<NodeRole> roles() {
    return Stream.concat(
            Stream.of(NodeRole.LEARNER, NodeRole.ROLLOUT), scorers.keySet().stream().sorted())
        .toList();
  }

  /** The same parts with another observer. */
  RunParts observedBy(RunObserver other) {
    return new RunParts(plan, tasks, learner, policies, scorers, rollout, other);
  }

  /** What its brain needs. */
  BrainParts brain() {
    return new BrainParts(plan, tasks, learner, observer);
  }

  /** What its rooms need, all on one node. */
  RoomParts rooms() {
    List<NodeRole> chain = scorers.keySet().stream().sorted().toList();
    return new RoomParts(plan.run(), chain, policies, scorers, rollout);
  }
}
