package rto.rollout;

import java.time.Duration;
import rto.protocol.Require;
import rto.protocol.WeightsRequest;

/**
 * How weights are pulled.
 *
 * @param chunkBytes asked for at a time; must fit a frame of the cluster's transport
 * @param ahead how many chunks are asked for before the first of them is there: more keep the way
 *     busy, and as many times chunkBytes are on it at most
 * @param deadline for one chunk; it is asked for again then
 * @param attempts how often the same chunk is asked for, or a damaged snapshot pulled, before
 *     giving up
 */
public record PullSettings(int chunkBytes, int ahead, Duration deadline, int attempts) {

  public PullSettings {
    Require.that(
        chunkBytes > 0 && chunkBytes <= WeightsRequest.MOST,
        "chunk bytes: %s (expected: in [1, %s])",
        chunkBytes,
        WeightsRequest.MOST);
    Require.that(ahead > 0, "chunks ahead: %s (expected: > 0)", ahead);
    Require.that(attempts > 0, "attempts: %s (expected: > 0)", attempts);
  }

  /** Two chunks of half a MiB on their way, ten seconds and three attempts for each. */
  public static PullSettings standard() {
    return new PullSettings(1 << 19, 2, Duration.ofSeconds(10), 3);
  }
}
