package rto.algorithm;

import java.util.List;
import rto.protocol.Require;

/**
 * The clipped policy loss (Schulman et al., arXiv:1707.06347, eq. 7; P App. D).
 *
 * <pre>
 *   ρ_h = exp(log π − log π_old)
 *   L   = Σ w_h · −min(ρ_h A_h, clip(ρ_h, 1 ± clip) A_h)
 * </pre>
 *
 * Output: log π [N]. Columns: log π_old, A and w, each [N]. Metrics: the part of tokens whose
 * gradient the clip has cut off; KL(π_old ‖ π) by the k3 estimator (ρ − 1) − log ρ, which is never
 * negative; the mean of ρ.
 *
 * @param clip half-width of the trusted range of ρ, 0.2 in [C]
 */
public record PpoLoss(double clip) implements Objective {

  public PpoLoss {
    Require.that(0 < clip && clip < 1, "policy-clip: %s (expected: in (0, 1))", clip);
  }

  @Override
  public List<String> columns() {
    return List.of("old log-probs", "advantages", "weights");
  }

  @Override
  public List<String> metrics() {
    return List.of("clip-fraction", "approx-kl", "ratio");
  }

  @Override
  public String script() {
    return """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            advantage = columns[1]
            weight = columns[2]
            log_ratio = output - columns[0]
            ratio = torch.exp(log_ratio)
            free = ratio * advantage
            clipped = torch.clamp(ratio, %s, %s) * advantage
            loss = torch.neg(torch.sum(weight * torch.minimum(free, clipped)))
            cut = torch.sum(weight * torch.lt(clipped, free))
            kl = torch.sum(weight * (torch.expm1(log_ratio) - log_ratio))
            mean_ratio = torch.sum(weight * ratio)
            return [loss, torch.detach(cut), torch.detach(kl), torch.detach(mean_ratio)]
        """
        .formatted(1 - clip, 1 + clip);
  }
}
