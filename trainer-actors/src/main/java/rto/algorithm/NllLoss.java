package rto.algorithm;

import java.util.List;

/**
 * Negative log-likelihood: base training and supervised fine-tuning.
 *
 * <pre>
 *   L = −Σ w_t log π(y_t|s_t),   w = 1/N for N response tokens of the whole accumulated batch
 * </pre>
 *
 * Output: log π [N]. Columns: w [N].
 */
public record NllLoss() implements Objective {

  @Override
  public List<String> columns() {
    return List.of("weights");
  }

  @Override
  public List<String> metrics() {
    return List.of();
  }

  @Override
  public String script() {
    return """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            return [torch.neg(torch.sum(columns[0] * output))]
        """;
  }
}
