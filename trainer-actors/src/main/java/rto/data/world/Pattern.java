package rto.data.world;

import static rto.data.world.Kind.ADJECTIVE;
import static rto.data.world.Kind.ADVERB;
import static rto.data.world.Kind.CHARACTER;
import static rto.data.world.Kind.COMMA;
import static rto.data.world.Kind.PREPOSITION;
import static rto.data.world.Kind.STOP;
import static rto.data.world.Kind.THE;
import static rto.data.world.Kind.THING;
import static rto.data.world.Kind.VERB;

import java.util.List;

/** The sentences of the language, all that there are. */
enum Pattern {
  /** the brave fox runs past the lantern . */
  PLAIN(THE, ADJECTIVE, CHARACTER, VERB, PREPOSITION, THE, THING, STOP),
  /** the brave fox runs gladly past the lantern . */
  FULL(THE, ADJECTIVE, CHARACTER, VERB, ADVERB, PREPOSITION, THE, THING, STOP),
  /** the fox runs gladly . */
  SHORT(THE, CHARACTER, VERB, ADVERB, STOP),
  /** gladly , the fox runs past the lantern . */
  INVERTED(ADVERB, COMMA, THE, CHARACTER, VERB, PREPOSITION, THE, THING, STOP);

  private final List<Kind> kinds;

  Pattern(Kind... kinds) {
    this.kinds = List.of(kinds);
  }

  List<Kind> kinds() {
    return kinds;
  }

  /** Whether words of these kinds, in this order, are a sentence. */
  static boolean fits(List<Kind> kinds) {
    for (Pattern pattern : values()) {
      if (pattern.kinds.equals(kinds)) {
        return true;
      }
    }
    return false;
  }
}
