package rto.algorithm;

import rto.protocol.Named;
import rto.protocol.Require;

/**
 * Identity Preference Optimization (Azar et al., arXiv:2310.12036, eq. 17): regression towards a
 * finite log-ratio, so certain labels do not drive it to infinity.
 *
 * <pre>
 *   ℓ(δ) = (δ − 1/(2β))²
 * </pre>
 *
 * δ is a sum over tokens, as in the paper; some libraries take the mean.
 *
 * @param beta β, the larger the closer to the reference
 */
@Named("ipo")
public record IpoLoss(double beta) implements PreferenceLoss {

  public IpoLoss {
    Require.that(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta);
  }

  @Override
  public String pairLoss() {
    return "torch.square(difference - %s)".formatted(1 / (2 * beta));
  }
}
