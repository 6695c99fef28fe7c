package rto.rollout;

import java.time.Duration;
import rto.protocol.Require;

/**
 * How weights are pulled.
 *
 * @param chunkBytes asked for at a time; must fit a frame of the cluster's transport
 * @param deadline for one chunk; it is asked for again then
 * @param attempts how often a chunk is asked for, or a damaged snapshot pulled, before giving up
 */
public record PullSettings(int chunkBytes, Duration deadline, int attempts) {

  public PullSettings {
    Require.that(chunkBytes > 0, "chunk bytes: %s (expected: > 0)", chunkBytes);
    Require.that(attempts > 0, "attempts: %s (expected: > 0)", attempts);
  }

  /** One MiB at a time, ten seconds and three attempts for each. */
  public static PullSettings standard() {
    return new PullSettings(1 << 20, Duration.ofSeconds(10), 3);
  }
}
