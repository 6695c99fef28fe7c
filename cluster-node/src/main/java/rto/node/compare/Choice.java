package rto.node.compare;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.compare.Tasks.Task;
import rto.node.dashboard.ComparisonReport.Trial;

/**
 * The choice of hyper-parameters: of each arm's candidates the one with the highest gold reward,
 * averaged over the tuning seeds; of equals the one that is listed first.
 */
final class Choice {

  private Choice() {}

  /**
   * What a candidate came to in a tuning seed.
   *
   * @param candidate as it stands in the file
   */
  record Tried(String arm, List<String> candidate, double gold) {}

  /** The runs with their outcomes, in the same order. */
  static List<Tried> tried(List<Task> trials, List<Outcome> outcomes) {
    return IntStream.range(0, trials.size())
        .mapToObj(i -> tried(trials.get(i), outcomes.get(i)))
        .toList();
  }

  private static Tried tried(Task trial, Outcome outcome) {
    return new Tried(trial.arm().name(), trial.candidate(), outcome.end().gold());
  }

  /** Every candidate of these arms with what it came to. */
  static List<Trial> of(Plan plan, List<Arm> arms, List<Tried> tried) {
    return plan.tuningSeeds().isEmpty()
        ? List.of()
        : arms.stream().flatMap(arm -> trials(arm, tried)).toList();
  }

  /**
   * The overrides of the arm's best candidate; none if nothing was tried.
   *
   * @throws IllegalStateException if no candidate came to anything
   */
  static List<String> chosen(List<Trial> trials, Arm arm) {
    List<Trial> own = trials.stream().filter(t -> t.arm().equals(arm.name())).toList();
    if (own.isEmpty()) {
      return List.of();
    }
    return own.stream()
        .filter(Trial::chosen)
        .findFirst()
        .map(Trial::overrides)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    arm.name()
                        + ": no candidate has a gold reward in every tuning seed (expected: one to"
                        + " choose; lower the learning rates in its set and tune)"));
  }

  private static Stream<Trial> trials(Arm arm, List<Tried> tried) {
    List<Trial> all = arm.tune().stream().map(candidate -> trial(arm, candidate, tried)).toList();
    Optional<Trial> best =
        all.stream()
            .filter(trial -> Double.isFinite(trial.mean()))
            .reduce((a, b) -> b.mean() > a.mean() ? b : a);
    return all.stream()
        .map(
            t ->
                best.equals(Optional.of(t))
                    ? new Trial(t.arm(), t.overrides(), t.gold(), t.mean(), true)
                    : t);
  }

  private static Trial trial(Arm arm, List<String> candidate, List<Tried> tried) {
    List<Double> gold =
        tried.stream()
            .filter(t -> t.arm().equals(arm.name()) && t.candidate().equals(candidate))
            .map(Tried::gold)
            .toList();
    double mean = gold.stream().mapToDouble(g -> g).average().orElse(Double.NaN);
    return new Trial(arm.name(), candidate, gold, mean, false);
  }
}
