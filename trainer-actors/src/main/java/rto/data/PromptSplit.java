package rto.data;

import static rto.protocol.Require.problem;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import rto.protocol.Require;

/**
 * Prompts of training pairs and prompts of held-out pairs. No prompt is on both sides, so what is
 * measured on held-out pairs was not learned by heart.
 *
 * @param train all different
 * @param heldOut all different; empty if nothing is held out
 */
public record PromptSplit(List<String> train, List<String> heldOut) {

  public PromptSplit {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /** Pairs on the two sides, each side in the order given. */
  public record Pairs(List<Preference> train, List<Preference> heldOut) {}

  /**
   * The last {@code heldOut} part of the different prompts is held out.
   *
   * @param heldOut in [0, 1); 0 holds nothing out
   * @throws IllegalArgumentException if one side would be empty
   */
  public static PromptSplit of(List<String> prompts, double heldOut) {
    List<String> different = prompts.stream().distinct().toList();
    int least = heldOut > 0 ? 2 : 1;
    Require.all(
        problem(0 <= heldOut && heldOut < 1, "held-out: %s (expected: in [0, 1))", heldOut),
        problem(
            different.size() >= least,
            "prompts: %s different (expected: >= %s, since a prompt is either trained on or held"
                + " out)",
            different.size(),
            least));
    int border = different.size() - share(different.size(), heldOut);
    return new PromptSplit(
        different.subList(0, border), different.subList(border, different.size()));
  }

  /** That part of {@code n >= 2} things: at least one, and not all; none if the part is 0. */
  public static int share(int n, double part) {
    return part == 0 ? 0 : Math.max(1, Math.min(n - 1, (int) Math.round(part * n)));
  }

  /** Every pair on the side of its prompt. */
  public Pairs split(List<Preference> pairs) {
    Set<String> notTrainedOn = new HashSet<>(heldOut);
    return new Pairs(
        pairs.stream().filter(p -> !notTrainedOn.contains(p.prompt())).toList(),
        pairs.stream().filter(p -> notTrainedOn.contains(p.prompt())).toList());
  }
}
