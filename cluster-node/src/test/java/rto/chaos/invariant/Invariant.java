package rto.chaos.invariant;

import java.util.List;
import java.util.stream.Stream;

/** A claim about a run; its class is its name. */
@FunctionalInterface
public interface Invariant {

  /** All there are. */
  List<Invariant> ALL =
      List.of(
          new EveryTaskLearnedOnce(),
          new VersionsMonotonic(),
          new StalenessBoundKept(),
          new AtMostOneBrain(),
          new NothingLost(),
          new DeathsExplained(),
          new DigestEqual());

  /** How the evidence contradicts the claim, one line each; none if it holds. */
  Stream<String> violations(Evidence evidence);

  /** All violations of all claims, with the claims' names. */
  static List<String> violated(Evidence evidence) {
    return ALL.stream()
        .flatMap(
            claim ->
                claim.violations(evidence).map(v -> claim.getClass().getSimpleName() + ": " + v))
        .toList();
  }
}
