package rto.algorithm;

import java.util.List;
import rto.protocol.Named;
import rto.protocol.Require;

/**
 * Length-regularised DPO (Park et al., "Disentangling Length from Quality in Direct Preference
 * Optimization", arXiv:2403.19159): a longer chosen response already has part of its margin and
 * teaches less, so that length is not learned for quality.
 *
 * <pre>
 *   ℓ = −log σ(β(Δ_w − Δ_l) + α(|y_w| − |y_l|))
 * </pre>
 *
 * @param beta β, 0.1 in [P]
 * @param alpha α, per token of difference, 0.001 in [P]; 0 is DPO
 */
@Named("r-dpo")
public record RDpoLoss(double beta, double alpha) implements PreferenceLoss {

  public RDpoLoss {
    Require.all(
        Require.problem(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta),
        Require.problem(alpha >= 0 && Double.isFinite(alpha), "alpha: %s (expected: >= 0)", alpha));
  }

  @Override
  public String pairLoss() {
    return "torch.neg(torch.log_sigmoid(difference * %s + (chosen_length - rejected_length) * %s))"
        .formatted(beta, alpha);
  }

  @Override
  public List<Measure> measures() {
    return List.of(new Measure("length-difference", "chosen_length - rejected_length"));
  }
}
