package rto.protocol;

/**
 * Names one immutable snapshot of the policy's weights.
 *
 * @param version 0 for the policy that the run started with, then one more per iteration
 * @param sha256 of the snapshot's bytes, in lower-case hex
 * @param bytes how long the snapshot is
 */
public record WeightsRef(int version, String sha256, long bytes) {

  public WeightsRef {
    Require.that(version >= 0, "version: %s (expected: >= 0)", version);
    Require.that(
        sha256.matches("[0-9a-f]{64}"), "sha256: %s (expected: 64 lower-case hex digits)", sha256);
    Require.that(bytes >= 0, "bytes: %s (expected: >= 0)", bytes);
  }
}
