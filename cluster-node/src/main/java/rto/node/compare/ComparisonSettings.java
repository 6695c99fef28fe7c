package rto.node.compare;

import static rto.protocol.Require.problem;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import rto.protocol.Require;

/**
 * The section {@code compare} of a comparison's file; the rest of the file is the run that all arms
 * share.
 *
 * @param seeds how many
 * @param firstSeed the first of them; the others follow it
 * @param baseline the arm that the others are subtracted from
 * @param curve how often a policy is judged while it trains
 * @param tuning how hyper-parameters are chosen; absent means every arm as it is written
 * @param arms in the order of the table
 * @param note for the pages: how what all arms share was chosen
 */
public record ComparisonSettings(
    int seeds,
    long firstSeed,
    String baseline,
    Curve curve,
    Optional<Tuning> tuning,
    List<Arm> arms,
    Optional<String> note) {

  public ComparisonSettings {
    int trials = tuning.map(Tuning::trials).orElse(0);
    Require.all(
        problem(seeds > 0, "seeds: %s (expected: > 0)", seeds),
        problem(
            names(arms).contains(baseline),
            "baseline: %s (expected: one of %s)",
            baseline,
            String.join(", ", names(arms))),
        problem(
            new HashSet<>(names(arms)).size() == arms.size(),
            "arms: %s (expected: each name once)",
            String.join(", ", names(arms))));
    Require.all(arms.stream().map(arm -> wrongBudget(arm, trials)).toArray(String[]::new));
  }

  /** The file's section, for reading it. */
  public record Section(ComparisonSettings compare) {}

  /**
   * @param every iterations from one point to the next; the last iteration always has one
   * @param prompts the first so many of the held-out prompts
   */
  public record Curve(int every, int prompts) {

    public Curve {
      Require.all(
          problem(every > 0, "every: %s (expected: > 0)", every),
          problem(prompts >= 2, "prompts: %s (expected: >= 2)", prompts));
    }
  }

  /**
   * Every arm tries the same number of candidates on the same seeds; the one with the highest mean
   * gold reward is the arm that is compared.
   *
   * @param seeds none of those that are compared
   * @param prompts held-out prompts that judge, none of those of the comparison
   * @param trials candidates of each arm
   */
  public record Tuning(List<Long> seeds, int prompts, int trials) {

    public Tuning {
      Require.all(
          problem(!seeds.isEmpty(), "seeds: none (expected: at least one)"),
          problem(prompts >= 2, "prompts: %s (expected: >= 2)", prompts),
          problem(trials > 0, "trials: %s (expected: > 0)", trials));
    }
  }

  /** Which part of the run an arm trains for itself, and so what it may set. */
  public enum Trains {
    /** The shared first model as it is. */
    NOTHING,
    /** A preference stage. */
    PREFERENCE,
    /** A policy stage, with the token rewards of the shared DPO model. */
    POLICY
  }

  /**
   * One of the compared.
   *
   * @param name letters, digits, dots, dashes: it also names files
   * @param set {@code key=value} each, as after {@code rto train}
   * @param tune candidates, each a list of further {@code key=value}
   */
  public record Arm(String name, Trains trains, List<String> set, List<List<String>> tune) {

    public Arm {
      Require.all(
          problem(
              name.matches("[A-Za-z0-9][A-Za-z0-9.-]*"),
              "name: %s (expected: letters, digits, dots and dashes)",
              name),
          problem(
              trains != Trains.NOTHING || set.isEmpty() && tune.isEmpty(),
              "set: given (expected: none, since %s trains nothing)",
              name),
          problem(
              new HashSet<>(tune).size() == tune.size(), "tune: %s (expected: each once)", tune));
    }
  }

  private static List<String> names(List<Arm> arms) {
    return arms.stream().map(Arm::name).toList();
  }

  private static String wrongBudget(Arm arm, int trials) {
    int wanted = arm.trains() == Trains.NOTHING ? 0 : trials;
    return problem(
        trials == 0 || arm.tune().size() == wanted,
        "arms: %s has %s candidates in tune (expected: %s, as tuning.trials says for all)",
        arm.name(),
        arm.tune().size(),
        wanted);
  }
}
