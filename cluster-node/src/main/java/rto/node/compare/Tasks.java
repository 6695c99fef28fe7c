package rto.node.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.compare.ComparisonSettings.Curve;
import rto.node.dashboard.ComparisonReport.Trial;
import rto.node.settings.Settings;
import rto.train.RunSettings;

/** The single runs of a comparison: what each is of, and where its outcome lies. */
record Tasks(Plan plan, ComparisonFolder folder) {

  /** One run. */
  record Task(Arm arm, long seed, List<String> candidate, Path folder, Optional<Curve> curve) {

    /** By which it differs from the shared run. */
    List<String> overrides() {
      return Stream.concat(arm.set().stream(), candidate.stream()).toList();
    }

    Path outcome() {
      return ComparisonFolder.outcome(folder);
    }
  }

  /** Each candidate of these arms in each tuning seed. */
  List<Task> trials(List<Arm> arms) {
    List<Task> tasks = new ArrayList<>();
    for (long seed : plan.tuningSeeds()) {
      for (Arm arm : arms) {
        for (int i = 0; i < arm.tune().size(); i++) {
          Path run = folder.trial(seed, arm.name(), i + 1);
          tasks.add(new Task(arm, seed, arm.tune().get(i), run, Optional.empty()));
        }
      }
    }
    return tasks;
  }

  /** Each arm as it was chosen, in each of these seeds. */
  List<Task> compared(List<Arm> arms, List<Long> seeds, List<Trial> tried) {
    Optional<Curve> curve = Optional.of(plan.settings().curve());
    List<Task> tasks = new ArrayList<>();
    for (long seed : seeds) {
      for (Arm arm : arms) {
        Path run = folder.run(seed, arm.name());
        tasks.add(new Task(arm, seed, Choice.chosen(tried, arm), run, curve));
      }
    }
    return tasks;
  }

  RunSettings settings(Task task) {
    return plan.run(task.seed(), task.arm(), task.candidate());
  }

  String sha256(Task task) {
    return Settings.sha256(settings(task).identity());
  }
}
