package rto.chaos;

import java.util.List;
import java.util.Locale;

/** Who is hit, by what it is at that moment. */
enum Target {
  /** The learner that has the run's brain. */
  BRAIN,
  /** A learner that has not; with one learner, that one. */
  STANDBY,
  /** The learner that began the cluster. */
  SEED,
  ROLLOUT,
  REFERENCE,
  DPO,
  REWARD;

  /** The node's name; it is there. */
  String in(Household house, int pick) {
    List<String> learners = house.names("learner");
    String brain = house.brain().map(Victim::name).orElse(learners.get(0));
    return switch (this) {
      case BRAIN -> brain;
      case STANDBY -> learners.stream().filter(n -> !n.equals(brain)).findFirst().orElse(brain);
      case SEED -> learners.get(0);
      default -> {
        List<String> all = house.names(name().toLowerCase(Locale.ROOT));
        yield all.get(pick % all.size());
      }
    };
  }
}
