package rto.chaos.invariant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Who has been followed by another writer never writes again. */
public final class AtMostOneBrain implements Invariant {

  @Override
  public Stream<String> violations(Evidence evidence) {
    Map<String, String> present = new HashMap<>();
    Set<String> former = new HashSet<>();
    List<String> found = new ArrayList<>();
    for (Journalled one : evidence.journal()) {
      String before = present.put(one.id(), one.writer());
      if (before != null && !before.equals(one.writer())) {
        former.add(before);
      }
      if (former.contains(one.writer())) {
        found.add(
            "writer %s of %s wrote event %d after another one had followed it"
                .formatted(one.writer(), one.id(), one.number()));
      }
    }
    return found.stream();
  }
}
