package rto.lm;

import java.util.Map;
import rto.protocol.Require;

/**
 * Rotary position embedding (Su et al., arXiv:2104.09864): the pair e of a head of size E is turned
 * by position · f(θ^(−2e/E)), f being the scaling.
 *
 * @param theta θ, the base of the angles
 * @param scaling how a longer context was reached than the model was first trained on
 */
public record Rope(double theta, RopeScaling scaling) {

  public Rope {
    Require.that(theta > 0 && Double.isFinite(theta), "rope_theta: %s (expected: > 0)", theta);
  }

  /** Not scaled. */
  public static Rope plain(double theta) {
    return new Rope(theta, new RopeScaling.None());
  }

  /** The constants that the scripts read. */
  Map<String, Object> attributes() {
    RopeScaling.Llama3 bands =
        scaling instanceof RopeScaling.Llama3 llama3
            ? llama3
            : new RopeScaling.Llama3(1, 1, 2, 1); // not read
    double factor = scaling instanceof RopeScaling.Linear linear ? linear.factor() : bands.factor();
    return Map.of(
        "rope_theta",
        theta,
        "rope_llama3",
        scaling instanceof RopeScaling.Llama3,
        "rope_factor",
        factor,
        "rope_low",
        bands.lowFrequency(),
        "rope_high",
        bands.highFrequency(),
        "rope_context",
        bands.originalPositions() / (2 * Math.PI));
  }
}
