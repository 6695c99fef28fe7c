package rto.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who prefers which of two responses: Bradley and Terry's model on token rewards [P eq. 3.1].
 *
 * <pre>
 *   P(τ₁ ≻ τ₂) = σ(Σ_h r(s¹_h, a¹_h) − Σ_h r(s²_h, a²_h))
 * </pre>
 */
public record PreferenceModel(TabularMdp mdp) {

  /** Two responses to the prompt, by their numbers. */
  public record Comparison(int chosen, int rejected) {}

  /** P(first ≻ second). */
  public double probability(int first, int second) {
    return Logistic.of(mdp.sentenceReward(first) - mdp.sentenceReward(second));
  }

  /** {@code n} comparisons of responses that a policy wrote. */
  public List<Comparison> sample(TabularPolicy writer, int n, Random random) {
    List<Comparison> comparisons = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      int first = writer.sample(random);
      int second = writer.sample(random);
      comparisons.add(
          random.nextDouble() < probability(first, second)
              ? new Comparison(first, second)
              : new Comparison(second, first));
    }
    return comparisons;
  }
}
