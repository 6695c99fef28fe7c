package rto.node;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import rto.node.Moment.Phase;

/** How long a phase of a run lasts on this machine today, on average over its iterations. */
final class PhaseLengths {

  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private final Map<Phase, Integer> times = new EnumMap<>(Phase.class);

  private PhaseLengths() {}

  /** Watches an undisturbed run to its end. */
  static PhaseLengths of(Path folder, Child child) throws InterruptedException {
    PhaseLengths lengths = new PhaseLengths();
    Moment before = Moment.of(Phase.STARTING);
    long since = System.nanoTime();
    while (child.isAlive()) {
      Moment now = Moment.of(folder, child);
      if (!now.equals(before)) {
        lengths.add(before.phase(), System.nanoTime() - since);
        since = System.nanoTime();
        before = now;
      }
      Thread.sleep(1);
    }
    lengths.add(before.phase(), System.nanoTime() - since);
    return lengths;
  }

  private void add(Phase phase, long length) {
    nanos.merge(phase, length, Long::sum);
    times.merge(phase, 1, Integer::sum);
  }

  /** 1 for a phase too short to be seen. */
  double millis(Phase phase) {
    return nanos.getOrDefault(phase, 1_000_000L) / 1e6 / times.getOrDefault(phase, 1);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ms:");
    nanos.keySet().forEach(p -> text.append(" %s %.0f".formatted(p, millis(p))));
    return text.toString();
  }
}
