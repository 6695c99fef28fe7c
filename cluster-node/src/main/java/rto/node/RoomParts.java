package rto.node;

import java.util.List;
import java.util.Map;
import rto.rollout.PolicyEngine;
import rto.rollout.RolloutSettings;
import rto.scoring.TrajectoryScorer;

/**
 * What one node does for a run beside its brain.
 *
 * @param run under whose name rollout workers and scorers register
 * @param chain the scoring rooms of the run, in their order, wherever they are
 * @param policies one per rollout worker of this node; each engine has an executor of its own
 * @param scorers the rooms of the chain that this node has
 */
record RoomParts(
    String run,
    List<NodeRole> chain,
    List<Compute<PolicyEngine>> policies,
    Map<NodeRole, Compute<TrajectoryScorer>> scorers,
    RolloutSettings rollout) {

  RoomParts {
    chain = List.copyOf(chain);
    policies = List.copyOf(policies);
    scorers = Map.copyOf(scorers);
  }
}
