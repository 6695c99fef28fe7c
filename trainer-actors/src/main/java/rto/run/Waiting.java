package rto.run;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the run waits for.
 *
 * @param phase one word, as in {@link rto.protocol.RunStatus}
 * @param what is awaited
 * @param from whom
 * @param since when
 * @param deadline after which the run says so
 */
record Waiting(String phase, String what, String from, Instant since, Duration deadline) {

  static Waiting now(String phase, String what, String from, Duration deadline) {
    return new Waiting(phase, what, from, Instant.now(), deadline);
  }

  /** Whether both wait for the same thing, whenever they began. */
  boolean isSameAs(Waiting other) {
    return phase.equals(other.phase) && what.equals(other.what) && from.equals(other.from);
  }

  /** One line for people. */
  String line() {
    return String.format("%s from %s since %s", what, from, since.truncatedTo(ChronoUnit.SECONDS));
  }
}
