package rto.chaos.invariant;

import java.util.Set;
import java.util.stream.Stream;
import rto.chaos.invariant.Evidence.End;

/**
 * Every process that ended was killed by the driver, was drained, or asked to be started again
 * because it could not keep its promises.
 */
public final class DeathsExplained implements Invariant {

  private static final int DRAINED = 0;
  private static final int THROWN_OUT = 255;
  private static final Set<Integer> ALWAYS = Set.of(DRAINED, THROWN_OUT);

  @Override
  public Stream<String> violations(Evidence evidence) {
    return evidence.ends().stream()
        .filter(end -> !end.doomed() && !ALWAYS.contains(end.status()))
        .map(DeathsExplained::text);
  }

  private static String text(End end) {
    return "%s (pid %d) ended with status %d by itself (its log says why)"
        .formatted(end.name(), end.pid(), end.status());
  }
}
