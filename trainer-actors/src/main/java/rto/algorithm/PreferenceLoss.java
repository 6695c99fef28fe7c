package rto.algorithm;

import java.util.List;
import java.util.stream.Stream;

/**
 * A loss on preference pairs: a score for each response, and a price for the two scores of a pair.
 *
 * <pre>
 *   Δ(y) = Σ_h log π(y_h|s_h) − log π_ref(y_h|s_h)      without a reference: Σ_h log π(y_h|s_h)
 *   K(y) = Σ_h KL(π_ref(·|s_h) ‖ π(·|s_h))
 *   s(y) = Δ(y), unless the variant says otherwise
 *   L    = Σ w_p ℓ(s_w − s_l, ..),   ℓ is the variant's
 * </pre>
 *
 * Output: what {@link #reference} says. Columns: the sequence of each token [N], int64 in 0..2P −
 * 1, the chosen response of pair p being 2p and the rejected one 2p + 1; w [P]; log π_ref [N] if it
 * is read. Metrics: the part of pairs with s_w &gt; s_l; the mean implicit rewards βs_w and βs_l;
 * their difference; then the variant's own.
 *
 * <p>The sum over a response has one order, on a CPU and on a GPU.
 */
public sealed interface PreferenceLoss extends Objective
    permits DpoLoss, IpoLoss, RDpoLoss, SimPoLoss, Tdpo1Loss, Tdpo2Loss {

  /** What a loss reads of the frozen reference, and what the model then puts out. */
  enum Reference {
    /** Nothing. Output: log π of the response tokens [N]. */
    NONE,
    /** log π_ref of the response tokens, as a column. Output: log π of them [N]. */
    LOG_PROBS,
    /**
     * Its distribution at each position. Output [2, N]: log π − log π_ref of the response tokens;
     * KL(π_ref ‖ π) over the whole vocabulary.
     */
    DISTRIBUTION
  }

  /** A number to log: the weighted sum of an expression in the names of {@link #pairLoss}. */
  record Measure(String name, String expression) {}

  /** Strength of the tie to the reference; without one, the scale of the score. */
  double beta();

  /** What of the reference this loss reads: what it does not read is not computed. */
  default Reference reference() {
    return Reference.LOG_PROBS;
  }

  /** s as a TorchScript expression, [2P], in {@code total} = Δ and {@code length}, the tokens. */
  default String score() {
    return "total";
  }

  /**
   * ℓ as a TorchScript expression, [P], in {@code difference} = s_w − s_l, {@code chosen_length},
   * {@code rejected_length} and, if the reference's distribution is read, {@code chosen_kl} = K_w
   * and {@code rejected_kl} = K_l, all [P].
   */
  String pairLoss();

  /** The variant's own metrics. */
  default List<Measure> measures() {
    return List.of();
  }

  @Override
  default List<String> columns() {
    List<String> always = List.of("sequence ids", "pair weights");
    return reference() == Reference.LOG_PROBS
        ? Stream.concat(always.stream(), Stream.of("reference log-probs")).toList()
        : always;
  }

  @Override
  default List<String> metrics() {
    return Stream.concat(
            Stream.of("accuracy", "chosen-reward", "rejected-reward", "reward-margin"),
            measures().stream().map(Measure::name))
        .toList();
  }

  @Override
  default String script() {
    return PairScript.of(this);
  }
}
