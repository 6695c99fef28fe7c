package rto.chaos.invariant;

import java.util.List;
import java.util.stream.Stream;
import rto.protocol.RunEvent.RunFinished;

/** The run ended, once, with the digest of the undisturbed one, in its journal and its result. */
public final class DigestEqual implements Invariant {

  @Override
  public Stream<String> violations(Evidence evidence) {
    String expected = evidence.expected().digest();
    List<String> ends = evidence.events(RunFinished.class).map(RunFinished::digest).toList();
    return Stream.of(
            ends.equals(List.of(expected))
                ? Stream.<String>empty()
                : Stream.of("finished with " + ends + " (expected: once, with " + expected + ")"),
            evidence.digest().equals(expected)
                ? Stream.<String>empty()
                : Stream.of(
                    "result's digest: " + evidence.digest() + " (expected: " + expected + ")"))
        .flatMap(one -> one);
  }
}
