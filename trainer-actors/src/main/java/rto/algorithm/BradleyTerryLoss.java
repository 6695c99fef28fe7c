package rto.algorithm;

import java.util.List;
import rto.protocol.Require;

/**
 * The reward model's maximum likelihood under Bradley and Terry [P 3.1].
 *
 * <pre>
 *   L = −Σ w_p log σ(r_w − r_l − margin)
 * </pre>
 *
 * Output: scores [2P], the chosen response of pair p at 2p, the rejected one at 2p + 1. Columns: w
 * [P]. Metrics: the part of pairs with r_w &gt; r_l; the mean of r_w − r_l.
 *
 * @param margin by how much the chosen response shall win; 0 is the plain likelihood
 */
public record BradleyTerryLoss(double margin) implements Objective {

  public BradleyTerryLoss {
    Require.that(margin >= 0 && Double.isFinite(margin), "margin: %s (expected: >= 0)", margin);
  }

  @Override
  public List<String> columns() {
    return List.of("pair weights");
  }

  @Override
  public List<String> metrics() {
    return List.of("accuracy", "mean-margin");
  }

  @Override
  public String script() {
    return """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            weight = columns[0]
            difference = output[0::2] - output[1::2]
            loss = torch.neg(torch.sum(weight * torch.log_sigmoid(difference - %s)))
            correct = torch.sum(weight * torch.gt(difference, 0))
            return [loss, correct, torch.detach(torch.sum(weight * difference))]
        """
        .formatted(margin);
  }
}
