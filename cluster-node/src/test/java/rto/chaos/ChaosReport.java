package rto.chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of a disturbed run.
 *
 * @param steps done before the run was over
 * @param violations of the invariants; none is good
 */
record ChaosReport(
    long seed,
    int steps,
    List<String> violations,
    List<Recovery> recoveries,
    List<Household.Death> deaths) {

  private static final int KILLED = 128 + Signals.KILL;

  /** How often a node of each role was killed. */
  Map<String, Long> kills() {
    return deaths.stream()
        .filter(death -> death.status() == KILLED)
        .collect(
            Collectors.groupingBy(
                death -> Household.roleOf(death.victim().name()),
                TreeMap::new,
                Collectors.counting()));
  }

  /** How often that node was killed. */
  long kills(String name) {
    return deaths.stream()
        .filter(death -> death.status() == KILLED && death.victim().name().equals(name))
        .count();
  }
}
