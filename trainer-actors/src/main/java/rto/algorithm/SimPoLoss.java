package rto.algorithm;

import java.util.List;
import java.util.OptionalDouble;
import rto.protocol.Named;
import rto.protocol.NoDefault;
import rto.protocol.Require;

/**
 * Simple Preference Optimization (Meng et al., arXiv:2405.14734, eq. 6): the score of a response is
 * the mean log-probability of its tokens; there is no reference, and the chosen response has to win
 * by a margin.
 *
 * <pre>
 *   p̄(y) = 1/|y| Σ_h log π(y_h|s_h)
 *   ℓ    = −log σ(β(p̄_w − p̄_l) − γ)
 * </pre>
 *
 * The implicit rewards that are logged are βp̄. SimPO's own code is configured by the ratio γ/β.
 *
 * @param beta β, 2.5 in [P]: larger than DPO's, since p̄ is a mean
 * @param gamma γ, 0.5 in [P]; 0 asks for no margin
 * @param gammaBetaRatio γ/β, in place of {@code gamma}
 */
@Named("simpo")
public record SimPoLoss(@NoDefault double beta, OptionalDouble gamma, OptionalDouble gammaBetaRatio)
    implements PreferenceLoss {

  public SimPoLoss {
    Require.all(
        Require.problem(beta > 0 && Double.isFinite(beta), "beta: %s (expected: > 0)", beta),
        Require.problem(
            gamma.isPresent() || gammaBetaRatio.isPresent(),
            "gamma: missing (expected: either gamma or gamma-beta-ratio)"),
        Require.problem(
            gamma.isEmpty() || gammaBetaRatio.isEmpty(),
            "gamma-beta-ratio: %s (expected: either gamma or gamma-beta-ratio, not both)",
            gammaBetaRatio.orElse(0)),
        Require.problem(isMargin(gamma.orElse(0)), "gamma: %s (expected: >= 0)", gamma.orElse(0)),
        Require.problem(
            isMargin(gammaBetaRatio.orElse(0)),
            "gamma-beta-ratio: %s (expected: >= 0)",
            gammaBetaRatio.orElse(0)));
  }

  /** γ, whichever way it was given. */
  double margin() {
    return gamma.orElseGet(() -> gammaBetaRatio.getAsDouble() * beta);
  }

  @Override
  public Reference reference() {
    return Reference.NONE;
  }

  @Override
  public String score() {
    return "total / length";
  }

  @Override
  public String pairLoss() {
    return "torch.neg(torch.log_sigmoid(difference * %s - %s))".formatted(beta, margin());
  }

  @Override
  public List<Measure> measures() {
    return List.of(new Measure("length-difference", "chosen_length - rejected_length"));
  }

  private static boolean isMargin(double value) {
    return value >= 0 && Double.isFinite(value);
  }
}
