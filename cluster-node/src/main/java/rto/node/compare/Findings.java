package rto.node.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.compare.Tasks.Task;
import rto.node.dashboard.ComparisonReport;
import rto.node.dashboard.ComparisonReport.Trial;
import rto.node.settings.Settings;

/**
 * What lies in a comparison's folder: every arm of the file in every seed whose outcome is there
 * and was made with the file's settings, whichever arms and seeds were asked for last.
 */
final class Findings {

  private final Plan plan;
  private final ComparisonFolder folder;
  private final Tasks tasks;

  Findings(Plan plan, ComparisonFolder folder) {
    this.plan = plan;
    this.folder = folder;
    this.tasks = new Tasks(plan, folder);
  }

  /** Of one arm. */
  private record Found(List<Trial> tried, List<Outcome> trials, List<Outcome> runs) {}

  ComparisonReport report(String title) throws IOException {
    List<Found> arms = new ArrayList<>();
    for (Arm arm : plan.settings().arms()) {
      found(arm).ifPresent(arms::add);
    }
    List<Outcome> runs = arms.stream().flatMap(arm -> arm.runs().stream()).toList();
    List<Trial> tried = arms.stream().flatMap(arm -> arm.tried().stream()).toList();
    List<Outcome> all = new ArrayList<>(runs);
    arms.forEach(arm -> all.addAll(arm.trials()));
    all.addAll(shared(runs.stream().map(Outcome::seed).distinct().toList()));
    double seconds = all.stream().mapToDouble(Outcome::seconds).sum();
    return new Results(plan, runs, tried).report(title, seconds);
  }

  /** Nothing if its choice is not made or no seed of it is there. */
  private Optional<Found> found(Arm arm) throws IOException {
    List<Task> trials = tasks.trials(List.of(arm));
    List<Outcome> tried = there(trials);
    if (tried.size() < trials.size()) {
      return Optional.empty();
    }
    List<Trial> choice = Choice.of(plan, List.of(arm), Choice.tried(trials, tried));
    if (!choice.isEmpty() && choice.stream().noneMatch(Trial::chosen)) {
      return Optional.empty();
    }
    List<Outcome> runs = there(tasks.compared(List.of(arm), seeds(), choice));
    return runs.isEmpty() ? Optional.empty() : Optional.of(new Found(choice, tried, runs));
  }

  private List<Outcome> there(List<Task> wanted) throws IOException {
    List<Outcome> found = new ArrayList<>();
    for (Task task : wanted) {
      if (Files.exists(task.outcome())) {
        Outcome.ifMadeWith(tasks.sha256(task), task.outcome()).ifPresent(found::add);
      }
    }
    return found;
  }

  /** Those of the file, and those that were added to them. */
  private List<Long> seeds() {
    long first = plan.settings().firstSeed();
    return LongStream.iterate(first, seed -> seed + 1)
        .takeWhile(s -> s < first + plan.settings().seeds() || Files.exists(folder.first(s)))
        .filter(seed -> !plan.tuningSeeds().contains(seed))
        .boxed()
        .toList();
  }

  /** What the arms of these seeds, and of those for tuning, share. */
  private List<Outcome> shared(List<Long> seeds) throws IOException {
    List<Outcome> found = new ArrayList<>();
    for (long seed : Stream.concat(plan.tuningSeeds().stream(), seeds.stream()).toList()) {
      Path file = folder.first(seed);
      found.add(Outcome.read(file, Settings.sha256(plan.shared(seed).identity())));
    }
    return found;
  }
}
