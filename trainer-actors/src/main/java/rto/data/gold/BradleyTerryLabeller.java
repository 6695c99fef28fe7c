package rto.data.gold;

import rto.data.CounterRandom;
import rto.protocol.Require;

/**
 * Labels a pair of responses as a person might: the better one is preferred, but not always.
 *
 * <pre>
 *   P(a ≻ b) = σ((score(a) − score(b)) / temperature)
 * </pre>
 *
 * Temperature 0 means no noise; equal scores are then a fair coin. The outcome depends only on the
 * scores, the seed and the key, which is the pair's number.
 */
public record BradleyTerryLabeller(double temperature, long seed) {

  public BradleyTerryLabeller {
    Require.that(
        temperature >= 0 && Double.isFinite(temperature),
        "label temperature: %s (expected: >= 0; 0 turns the noise off)",
        temperature);
  }

  /** Whether the first of two responses with these scores is preferred. */
  public boolean prefersFirst(double scoreA, double scoreB, long key) {
    return CounterRandom.unit(CounterRandom.of(seed, key)) < probability(scoreA, scoreB);
  }

  /** P(a ≻ b). */
  public double probability(double scoreA, double scoreB) {
    Require.that(Double.isFinite(scoreA), "score: %s (expected: finite)", scoreA);
    Require.that(Double.isFinite(scoreB), "score: %s (expected: finite)", scoreB);
    if (scoreA == scoreB) {
      return 0.5;
    }
    return 1 / (1 + Math.exp(-(scoreA - scoreB) / temperature));
  }
}
