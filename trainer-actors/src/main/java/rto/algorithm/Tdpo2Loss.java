package rto.algorithm;

import java.util.List;
import rto.protocol.Named;
import rto.protocol.Require;

/**
 * Token-level DPO, second form (Zeng et al., arXiv:2404.11999): the divergence weighs α, and that
 * of the chosen response is a constant to the gradient, so that it is not driven up.
 *
 * <pre>
 *   ℓ = −log σ(β[(Δ_w − Δ_l) − α(K_l − stopgrad(K_w))])
 * </pre>
 *
 * The implicit rewards that are logged are βΔ, as for DPO: what a token reward can be made of.
 *
 * @param beta β, 0.1 in [P]
 * @param alpha α, 0.2 in [P], 0.5 in the paper of TDPO; 0 is DPO
 */
@Named("tdpo2")
public record Tdpo2Loss(double beta, double alpha) implements PreferenceLoss {

  public Tdpo2Loss {
    Require.all(
        Require.problem(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta),
        Require.problem(alpha >= 0 && Double.isFinite(alpha), "alpha: %s (expected: >= 0)", alpha));
  }

  @Override
  public Reference reference() {
    return Reference.DISTRIBUTION;
  }

  @Override
  public String pairLoss() {
    return "torch.neg(torch.log_sigmoid(%s * %s))"
        .formatted("(difference - (rejected_kl - torch.detach(chosen_kl)) * " + alpha + ")", beta);
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        new Measure("chosen-kl", "chosen_kl"), new Measure("rejected-kl", "rejected_kl"));
  }
}
