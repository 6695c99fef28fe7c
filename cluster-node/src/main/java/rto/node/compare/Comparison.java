package rto.node.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.metrics.Progress;
import rto.node.compare.Choice.Tried;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.compare.ComparisonSettings.Curve;
import rto.node.compare.Jobs.Job;
import rto.node.dashboard.ComparisonReport;
import rto.node.dashboard.ComparisonReport.Trial;
import rto.node.settings.Settings;
import rto.tensor.ComputePool;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;

/**
 * All runs of a comparison, in this order; a run whose outcome is there is not run again.
 *
 * <pre>
 *   each seed:                    first model ──▶ preferences ──▶ reward model, DPO model
 *   each tuning seed × arm:       each of its candidates; the best on average is the arm's
 *   each seed × arm:              train, judge
 * </pre>
 *
 * Every run is a function of its settings: how many go at a time, and in how many threads, changes
 * nothing but the time it takes.
 */
public final class Comparison {

  private final Plan plan;
  private final ComparisonFolder folder;
  private final int parallel;
  private final Progress progress;

  /**
   * @param parallel runs at a time, which share the cores
   */
  public Comparison(Plan plan, ComparisonFolder folder, int parallel, Progress progress) {
    this.plan = plan;
    this.folder = folder;
    this.parallel = parallel;
    this.progress = progress;
  }

  /** One run that is to be there: where, and what of. */
  private record Task(
      Arm arm, long seed, List<String> candidate, Path folder, Optional<Curve> curve) {}

  /** Makes what is missing and tells what came out. */
  public ComparisonReport run(String title) throws Exception {
    List<Long> allSeeds =
        Stream.concat(plan.tuningSeeds().stream(), plan.seeds().stream()).toList();
    List<Task> trials = plan.tuningSeeds().stream().flatMap(this::trials).toList();
    int total = allSeeds.size() + trials.size() + plan.seeds().size() * plan.arms().size();
    try (Jobs jobs = new Jobs(parallel, progress, total)) {
      SharedStages stages = new SharedStages(plan, folder, threads());
      List<Outcome> shared =
          jobs.run(
              allSeeds.stream()
                  .map(seed -> new Job<>("shared stages of seed " + seed, () -> stages.of(seed)))
                  .toList());
      Map<Long, Outcome> first = new LinkedHashMap<>();
      shared.forEach(outcome -> first.put(outcome.seed(), outcome));
      List<Trial> tried = Choice.of(plan, tried(trials, jobs.run(jobs(trials, first))));
      List<Outcome> runs = jobs.run(jobs(compared(tried), first));
      List<Outcome> all = new ArrayList<>(shared);
      all.addAll(runs);
      return new Results(plan, runs, tried).report(title, seconds(all));
    }
  }

  private static List<Tried> tried(List<Task> trials, List<Outcome> outcomes) {
    return IntStream.range(0, trials.size())
        .mapToObj(i -> tried(trials.get(i), outcomes.get(i)))
        .toList();
  }

  private static Tried tried(Task trial, Outcome outcome) {
    return new Tried(trial.arm().name(), trial.candidate(), outcome.end().gold());
  }

  private Stream<Task> trials(long seed) {
    List<Task> tasks = new ArrayList<>();
    for (Arm arm : plan.arms()) {
      for (int i = 0; i < arm.tune().size(); i++) {
        Path run = folder.trial(seed, arm.name(), i + 1);
        tasks.add(new Task(arm, seed, arm.tune().get(i), run, Optional.empty()));
      }
    }
    return tasks.stream();
  }

  private List<Task> compared(List<Trial> tried) {
    Optional<Curve> curve = Optional.of(plan.settings().curve());
    return plan.seeds().stream()
        .flatMap(
            seed ->
                plan.arms().stream()
                    .map(
                        arm ->
                            new Task(
                                arm,
                                seed,
                                Choice.chosen(tried, arm),
                                folder.run(seed, arm.name()),
                                curve)))
        .toList();
  }

  private List<Job<Outcome>> jobs(List<Task> tasks, Map<Long, Outcome> first) {
    return tasks.stream()
        .map(
            task ->
                new Job<>(
                    task.arm().name() + " of seed " + task.seed(),
                    () -> outcome(task, first.get(task.seed()))))
        .toList();
  }

  private Outcome outcome(Task task, Outcome first) throws Exception {
    RunSettings settings = plan.run(task.seed(), task.arm(), task.candidate());
    Path file = ComparisonFolder.outcome(task.folder());
    if (Files.exists(file)) {
      return Outcome.read(file, Settings.sha256(settings.identity()));
    }
    RunFolder shared = folder.shared(task.seed());
    try (ComputePool pool = new ComputePool("arm-" + task.seed(), threads())) {
      ArmRun run =
          new ArmRun(
              settings, plan.shared(task.seed()), shared, task.folder(), first, task.curve(), pool);
      List<String> overrides =
          Stream.concat(task.arm().set().stream(), task.candidate().stream()).toList();
      List<String> heldOut = RunPrompts.read(shared).heldOut();
      return run.run(task.arm(), overrides, plan.judges(task.seed(), heldOut));
    }
  }

  private int threads() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / parallel);
  }

  private static double seconds(List<Outcome> outcomes) {
    return outcomes.stream().mapToDouble(Outcome::seconds).sum();
  }
}
