package rto.algorithm;

import java.util.List;

/**
 * A loss on preference pairs over the log-ratios of whole responses.
 *
 * <pre>
 *   Δ(y) = Σ_h log π(y_h|s_h) − log π_ref(y_h|s_h)
 *   L    = Σ w_p ℓ(Δ_w − Δ_l),   ℓ is the variant's
 * </pre>
 *
 * Output: log π [N]. Columns: the sequence of each token [N], int64 in 0..2P − 1, the chosen
 * response of pair p being 2p and the rejected one 2p + 1; log π_ref [N]; w [P]. Metrics: the part
 * of pairs with Δ_w &gt; Δ_l; the mean implicit rewards βΔ_w and βΔ_l.
 *
 * <p>The sum over a response is an index_add: on a CPU its order is fixed; on CUDA it is so only in
 * libtorch's deterministic mode.
 */
public sealed interface PreferenceLoss extends Objective permits DpoLoss, IpoLoss {

  /** Strength of the tie to the reference. */
  double beta();

  /** ℓ as a TorchScript expression, [P], in {@code difference} = Δ_w − Δ_l, [P]. */
  String pairLoss();

  @Override
  default List<String> columns() {
    return List.of("sequence ids", "reference log-probs", "pair weights");
  }

  @Override
  default List<String> metrics() {
    return List.of("accuracy", "chosen-reward", "rejected-reward");
  }

  @Override
  default String script() {
    return """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            weight = columns[2]
            zeros = torch.new_zeros(output, [2 * torch.size(weight, 0)])
            ratios = torch.index_add(zeros, 0, columns[0], output - columns[1])
            chosen = ratios[0::2]
            rejected = ratios[1::2]
            difference = chosen - rejected
            loss = torch.sum(weight * (%1$s))
            correct = torch.sum(weight * torch.gt(difference, 0))
            won = torch.detach(torch.sum(weight * chosen) * %2$s)
            lost = torch.detach(torch.sum(weight * rejected) * %2$s)
            return [loss, correct, won, lost]
        """
        .formatted(pairLoss(), beta());
  }
}
