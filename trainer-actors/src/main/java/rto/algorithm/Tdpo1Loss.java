package rto.algorithm;

import java.util.List;
import rto.protocol.Named;
import rto.protocol.Require;

/**
 * Token-level DPO, first form (Zeng et al., arXiv:2404.11999): derived from a Bradley–Terry model
 * over token advantages, which leaves the divergence of the two responses in the loss.
 *
 * <pre>
 *   ℓ = −log σ(β[(Δ_w − Δ_l) − (K_l − K_w)])
 * </pre>
 *
 * The implicit rewards that are logged are βΔ, as for DPO: what a token reward can be made of.
 *
 * @param beta β, 0.1 in [P]
 */
@Named("tdpo1")
public record Tdpo1Loss(double beta) implements PreferenceLoss {

  public Tdpo1Loss {
    Require.that(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta);
  }

  @Override
  public Reference reference() {
    return Reference.DISTRIBUTION;
  }

  @Override
  public String pairLoss() {
    return "torch.neg(torch.log_sigmoid((difference - (rejected_kl - chosen_kl)) * %s))"
        .formatted(beta);
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        new Measure("chosen-kl", "chosen_kl"), new Measure("rejected-kl", "rejected_kl"));
  }
}
