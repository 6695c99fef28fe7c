package rto.chaos.invariant;

import java.util.stream.Stream;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.TrajectoriesAccepted;

/** Iteration k is sampled by policy max(0, k − η), each trajectory of it. */
public final class StalenessBoundKept implements Invariant {

  @Override
  public Stream<String> violations(Evidence evidence) {
    return Stream.concat(
        evidence
            .events(TrajectoriesAccepted.class)
            .flatMap(
                task ->
                    task.trajectories().stream()
                        .map(scored -> scored.trajectory().policyVersion())
                        .flatMap(
                            version ->
                                wrong(
                                    evidence, "task " + task.id(), task.id().iteration(), version))
                        .distinct()),
        evidence
            .events(IterationStarted.class)
            .flatMap(
                start ->
                    wrong(
                        evidence,
                        "iteration " + start.iteration(),
                        start.iteration(),
                        start.weights().version())));
  }

  private static Stream<String> wrong(Evidence evidence, String what, int iteration, int version) {
    int expected = evidence.expected().version(iteration);
    return version == expected
        ? Stream.empty()
        : Stream.of(what + " is of version " + version + " (expected: " + expected + ")");
  }
}
