package rto.node.compare;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import rto.metrics.Progress;
import rto.node.compare.Jobs.Job;
import rto.node.compare.Tasks.Task;
import rto.node.dashboard.ComparisonReport;
import rto.node.dashboard.ComparisonReport.Trial;
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
  private final Tasks tasks;
  private final int parallel;
  private final Progress progress;

  /**
   * @param parallel runs at a time, which share the cores
   */
  public Comparison(Plan plan, ComparisonFolder folder, int parallel, Progress progress) {
    this.plan = plan;
    this.folder = folder;
    this.tasks = new Tasks(plan, folder);
    this.parallel = parallel;
    this.progress = progress;
  }

  /** Makes what is missing and tells all that is there. */
  public ComparisonReport run(String title) throws Exception {
    List<Long> allSeeds =
        Stream.concat(plan.tuningSeeds().stream(), plan.seeds().stream()).toList();
    List<Task> trials = tasks.trials(plan.arms());
    int total = allSeeds.size() + trials.size() + plan.seeds().size() * plan.arms().size();
    try (Jobs jobs = new Jobs(parallel, progress, total)) {
      SharedStages stages = new SharedStages(plan, folder, threads());
      Map<Long, Outcome> first = new LinkedHashMap<>();
      jobs.run(
              allSeeds.stream()
                  .map(seed -> new Job<>("shared stages of seed " + seed, () -> stages.of(seed)))
                  .toList())
          .forEach(outcome -> first.put(outcome.seed(), outcome));
      List<Outcome> tried = jobs.run(jobs(trials, first));
      List<Trial> choice = Choice.of(plan, plan.arms(), Choice.tried(trials, tried));
      jobs.run(jobs(tasks.compared(plan.arms(), plan.seeds(), choice), first));
    }
    return new Findings(plan, folder).report(title);
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
    if (Files.exists(task.outcome())) {
      return Outcome.read(task.outcome(), tasks.sha256(task));
    }
    RunSettings settings = tasks.settings(task);
    RunFolder shared = folder.shared(task.seed());
    try (ComputePool pool = new ComputePool("arm-" + task.seed(), threads())) {
      ArmRun run =
          new ArmRun(
              settings, plan.shared(task.seed()), shared, task.folder(), first, task.curve(), pool);
      List<String> heldOut = RunPrompts.read(shared).heldOut();
      return run.run(task.arm(), task.overrides(), plan.judges(task.seed(), heldOut));
    }
  }

  private int threads() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / parallel);
  }
}
