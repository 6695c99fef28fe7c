package rto.chaos;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The traps of this process, a victim: each is armed for the n-th time from then on. */
final class Traps {

  /** Begins the lines by which a victim tells its driver where it is. */
  static final String SAYS = "chaos: ";

  /** System property: the task that {@link #taskDone} kills at. */
  static final String DEADLY_TASK = "rto.chaos.deadly-task";

  private static final Map<TrapPoint, Integer> ARMED = new EnumMap<>(TrapPoint.class);
  private static final Set<TrapPoint> SEEN = EnumSet.noneOf(TrapPoint.class);

  private Traps() {}

  /** A task that no process survives which is about to hand it on; as {@code iteration/index}. */
  static void taskDone(String id) {
    if (id.equals(System.getProperty(DEADLY_TASK))) {
      Signals.killThisProcess();
    }
  }

  /** The process is killed when it is at this point for the {@code times}-th time. */
  static synchronized void arm(TrapPoint point, int times) {
    ARMED.put(point, times);
  }

  /** Says so at the first time, and springs the trap if it is time. */
  static synchronized void at(TrapPoint point) {
    if (SEEN.add(point)) {
      System.err.println(SAYS + point);
    }
    Integer left = ARMED.computeIfPresent(point, (same, times) -> times - 1);
    if (left != null && left <= 0) {
      Signals.killThisProcess();
    }
  }
}
