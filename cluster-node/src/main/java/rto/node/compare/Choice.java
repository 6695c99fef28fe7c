package rto.node.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.dashboard.ComparisonReport.Trial;

/**
 * The choice of hyper-parameters: of each arm's candidates the one with the highest gold reward,
 * averaged over the tuning seeds; of equals the one that is listed first.
 */
final class Choice {

  private Choice() {}

  /** Every candidate with what it came to. */
  static List<Trial> of(Plan plan, List<Outcome> outcomes) {
    return plan.tuningSeeds().isEmpty()
        ? List.of()
        : plan.arms().stream().flatMap(arm -> trials(arm, outcomes)).toList();
  }

  /** The overrides of the arm's best candidate; none if nothing was tried. */
  static List<String> chosen(List<Trial> trials, Arm arm) {
    return trials.stream()
        .filter(trial -> trial.arm().equals(arm.name()) && trial.chosen())
        .findFirst()
        .map(Trial::overrides)
        .orElse(List.of());
  }

  private static Stream<Trial> trials(Arm arm, List<Outcome> outcomes) {
    List<Trial> all = new ArrayList<>();
    for (List<String> candidate : arm.tune()) {
      List<String> overrides = Stream.concat(arm.set().stream(), candidate.stream()).toList();
      List<Double> gold =
          outcomes.stream()
              .filter(o -> o.arm().equals(arm.name()) && o.overrides().equals(overrides))
              .map(o -> o.end().gold())
              .toList();
      double mean = gold.stream().mapToDouble(g -> g).average().orElse(Double.NaN);
      all.add(new Trial(arm.name(), candidate, gold, mean, false));
    }
    double best = all.stream().mapToDouble(Trial::mean).max().orElse(Double.NaN);
    int first = all.stream().map(Trial::mean).toList().indexOf(best);
    return all.stream().map(trial -> chosenIf(all.indexOf(trial) == first, trial));
  }

  private static Trial chosenIf(boolean chosen, Trial t) {
    return new Trial(t.arm(), t.overrides(), t.gold(), t.mean(), chosen);
  }
}
