package rto.node;

import java.util.Locale;

/**
 * What a node can do for a run. The last three are the scoring rooms, in the order of the chain.
 */
public enum NodeRole {
  LEARNER,
  ROLLOUT,
  REFERENCE,
  DPO,
  REWARD;

  /** As it stands in configs and in the cluster's member list. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
