package rto.chaos;

import java.util.OptionalLong;
import rto.chaos.invariant.Journalled;
import rto.protocol.RunEvent.TrajectoriesAccepted;

/**
 * A process that was killed, and what shows that the loss is made good: for the brain, that another
 * one has accepted a task; for a worker or scorer, that its next life has handed a task on; for a
 * learner that stood by, that its next life belongs to the cluster.
 *
 * @param writer of the brain that died
 * @param millis when it died
 * @param measured whether nothing else disturbs the recovery
 */
record Wound(Kind kind, Victim dead, String writer, long millis, boolean measured) {

  /** What it was. */
  enum Kind {
    STOOD_IN("learner, another one standing by"),
    BRAIN("learner, none standing by"),
    STANDBY("learner that stood by"),
    WORKER("worker"),
    SCORER("scorer");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  static Wound of(Victim dead, Household house, Witness witness, long millis) {
    return new Wound(kind(dead, house), dead, lastWriter(witness), millis, true);
  }

  Wound withMeasured(boolean undisturbed) {
    return new Wound(kind, dead, writer, millis, measured && undisturbed);
  }

  private static Kind kind(Victim victim, Household house) {
    return switch (Household.roleOf(victim.name())) {
      case "learner" -> learner(victim, house);
      case "rollout" -> Kind.WORKER;
      default -> Kind.SCORER;
    };
  }

  private static Kind learner(Victim victim, Household house) {
    if (victim.first(TrapPoint.BEFORE_WRITE).isEmpty()) {
      return Kind.STANDBY;
    }
    return house.standsBy().filter(other -> other != victim).isPresent()
        ? Kind.STOOD_IN
        : Kind.BRAIN;
  }

  /** When it was made good. */
  OptionalLong healed(Household house, Witness witness) {
    if (kind == Kind.BRAIN || kind == Kind.STOOD_IN) {
      return witness
          .of(TrajectoriesAccepted.class, task -> true)
          .filter(one -> one.millis() > millis && !one.writer().equals(writer))
          .mapToLong(Journalled::millis)
          .findFirst();
    }
    Victim next = house.victim(dead.name());
    if (next == null || next.pid() == dead.pid()) {
      return OptionalLong.empty();
    }
    var first =
        kind == Kind.STANDBY
            ? next.first(TrapPoint.DESK_HEARD).or(() -> next.first(TrapPoint.BEFORE_WRITE))
            : next.first(TrapPoint.TASK_SENT);
    return first.stream().mapToLong(Victim.Line::millis).findFirst();
  }

  private static String lastWriter(Witness witness) {
    return witness.runs().stream().map(Journalled::writer).reduce((one, later) -> later).orElse("");
  }
}
