package rto.protocol;

import java.util.Optional;

/**
 * Names one immutable snapshot of the policy's weights.
 *
 * @param version 0 for the policy that the run started with, then one more per iteration
 * @param sha256 of the snapshot's bytes, in lower-case hex
 * @param bytes how long the snapshot is
 * @param base the sha256 of the tensors of the model that this one, an adapter, lies over: those
 *     who install it have that model from the run's folder; absent: this one is full
 */
public record WeightsRef(int version, String sha256, long bytes, Optional<String> base) {

  public WeightsRef {
    Require.that(version >= 0, "version: %s (expected: >= 0)", version);
    requireDigest("sha256", sha256);
    Require.that(bytes >= 0, "bytes: %s (expected: >= 0)", bytes);
    base.ifPresent(digest -> requireDigest("base", digest));
  }

  /** Of a full snapshot. */
  public WeightsRef(int version, String sha256, long bytes) {
    this(version, sha256, bytes, Optional.empty());
  }

  private static void requireDigest(String name, String digest) {
    Require.that(
        digest.matches("[0-9a-f]{64}"),
        "%s: %s (expected: 64 lower-case hex digits)",
        name,
        digest);
  }
}
