package rto.node.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.dashboard.ComparisonReport.Point;
import rto.node.settings.Settings;
import rto.tensor.ComputePool;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;
import rto.train.Stages;

/**
 * Makes what all arms of a seed share, once: first model, preferences, reward model, the plain
 * preference model whose token rewards policies learn from; and judges the first model.
 */
record SharedStages(Plan plan, ComparisonFolder folder, int threads) {

  /** Makes what is missing. */
  Outcome of(long seed) throws IOException {
    RunSettings settings = plan.shared(seed);
    String sha256 = Settings.sha256(settings.identity());
    Path file = folder.first(seed);
    if (Files.exists(file)) {
      return Outcome.read(file, sha256);
    }
    RunFolder shared = folder.shared(seed);
    Files.createDirectories(shared.root());
    long start = System.nanoTime();
    try (ComputePool pool = new ComputePool("shared-" + seed, threads);
        MetricsLog metrics = MetricsLog.open(shared.metrics())) {
      Stages stages = new Stages(settings, shared, pool, Progress.silent(), metrics);
      stages.run();
      stages.preferenceModel(shared.dpo());
      List<String> prompts = plan.judges(seed, RunPrompts.read(shared).heldOut());
      int curve = Math.min(plan.settings().curve().prompts(), prompts.size());
      try (Judge judge = new Judge(settings, shared, prompts, pool)) {
        Judge.Verdict end = judge.judgeFirst(prompts.size());
        Judge.Verdict begin = judge.judgeFirst(curve);
        Outcome outcome =
            new Outcome(
                "shared",
                seed,
                sha256,
                List.of(),
                end.measures(),
                List.of(new Point(0, begin.measures())),
                end.scores(),
                (System.nanoTime() - start) / 1e9,
                "",
                "");
        outcome.write(file);
        return outcome;
      }
    }
  }
}
