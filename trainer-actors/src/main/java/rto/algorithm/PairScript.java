package rto.algorithm;

import java.util.stream.Collectors;

/** The TorchScript that all preference losses share. */
final class PairScript {

  /** The sum over each response, [2P]; on a GPU index_add's order is another one each time. */
  static final String SUMS =
      """
        def in_order(self, ids: Tensor, values: Tensor, pairs: int) -> Tensor:
          responses = torch.arange(2 * pairs, device=ids.device)
          own = torch.eq(responses[:, None], ids[None, :])
          return torch.sum(torch.where(own, values[None, :], 0.), 1)

        def of_responses(self, ids: Tensor, values: Tensor, pairs: int) -> Tensor:
          if ops.prim.is_cuda(values):
            return self.in_order(ids, values, pairs)
          return torch.index_add(torch.new_zeros(values, [2 * pairs]), 0, ids, values)
      """;

  private static final String METHODS =
      """
        def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
          ids = columns[0]
          weight = columns[1]
          pairs = torch.size(weight, 0)
          token = %1$s
          total = self.of_responses(ids, token, pairs)
          length = self.of_responses(ids, torch.ones_like(token), pairs)
          chosen_length = length[0::2]
          rejected_length = length[1::2]
      %2$s
          score = %3$s
          chosen = score[0::2]
          rejected = score[1::2]
          difference = chosen - rejected
          loss = torch.sum(weight * (%4$s))
          correct = torch.sum(weight * torch.gt(difference, 0))
          won = torch.detach(torch.sum(weight * chosen) * %5$s)
          lost = torch.detach(torch.sum(weight * rejected) * %5$s)
          return [loss, correct, won, lost, won - lost%6$s]
      """;

  private static final String DIVERGENCE =
      """
          kl = self.of_responses(ids, output[1], pairs)
          chosen_kl = kl[0::2]
          rejected_kl = kl[1::2]
      """;

  private PairScript() {}

  static String of(PreferenceLoss loss) {
    boolean divergence = loss.reference() == PreferenceLoss.Reference.DISTRIBUTION;
    return SUMS
        + "\n"
        + METHODS.formatted(
            token(loss.reference()),
            divergence ? DIVERGENCE.stripTrailing() : "",
            loss.score(),
            loss.pairLoss(),
            loss.beta(),
            loss.measures().stream().map(PairScript::measured).collect(Collectors.joining()));
  }

  /** The part of Δ that each token has, [N]. */
  private static String token(PreferenceLoss.Reference reference) {
    return switch (reference) {
      case NONE -> "output";
      case LOG_PROBS -> "output - columns[2]";
      case DISTRIBUTION -> "output[0]";
    };
  }

  private static String measured(PreferenceLoss.Measure measure) {
    return ", torch.detach(torch.sum(weight * (%s)))".formatted(measure.expression());
  }
}
