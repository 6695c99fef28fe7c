package rto.algorithm;

import rto.protocol.Named;
import rto.protocol.Require;

/**
 * Direct Preference Optimization (Rafailov et al., arXiv:2305.18290, eq. 7), with the label
 * smoothing of conservative DPO (Mitchell, "A note on DPO with noisy preferences").
 *
 * <pre>
 *   ℓ(δ) = −(1 − ε) log σ(βδ) − ε log σ(−βδ)
 * </pre>
 *
 * @param beta β, 0.1 in [P]
 * @param labelSmoothing ε, the part of labels believed to be flipped; 0 is plain DPO
 */
@Named("dpo")
public record DpoLoss(double beta, double labelSmoothing) implements PreferenceLoss {

  public DpoLoss {
    Require.that(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta);
    Require.that(
        0 <= labelSmoothing && labelSmoothing < 0.5,
        "label-smoothing: %s (expected: in [0, 0.5))",
        labelSmoothing);
  }

  @Override
  public String pairLoss() {
    return "torch.log_sigmoid(difference * %s) * %s - torch.log_sigmoid(difference * %s) * %s"
        .formatted(beta, labelSmoothing - 1, -beta, labelSmoothing);
  }
}
