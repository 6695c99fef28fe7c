package rto.chaos.invariant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The events of each id are numbered without a gap, and none is written over. */
public final class NothingLost implements Invariant {

  @Override
  public Stream<String> violations(Evidence evidence) {
    Map<String, Long> last = new HashMap<>();
    List<String> found = new ArrayList<>();
    for (Journalled one : evidence.journal()) {
      long expected = last.getOrDefault(one.id(), 0L) + 1;
      if (one.number() != expected) {
        found.add("%s: event %d (expected: %d)".formatted(one.id(), one.number(), expected));
      }
      last.put(one.id(), one.number());
    }
    return found.stream();
  }
}
