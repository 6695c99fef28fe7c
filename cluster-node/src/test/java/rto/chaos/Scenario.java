package rto.chaos;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cluster to disturb.
 *
 * @param learners processes; one has the brain, the others stand by
 * @param reports whether the supervisor, which saw its child die, tells the cluster; if not, the
 *     cluster finds out
 * @param links whether nodes can be cut off
 * @param disk whether the run's checkpoints lie on a file system that can be filled
 */
record Scenario(
    int learners, int workers, int scorers, boolean reports, boolean links, boolean disk) {

  /** Where processes are killed and nothing else. */
  static Scenario ofKills(int learners, int workers, boolean reports) {
    return new Scenario(learners, workers, 1, reports, false, false);
  }

  Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("learner", learners);
    counts.put("reference", scorers);
    counts.put("dpo", scorers);
    counts.put("reward", scorers);
    counts.put("rollout", workers);
    return counts;
  }

  /** Names it in tables. */
  @Override
  public String toString() {
    return "%d learner%s, %d worker%s, deaths %s"
        .formatted(
            learners,
            learners == 1 ? "" : "s",
            workers,
            workers == 1 ? "" : "s",
            reports ? "reported" : "found out");
  }
}
