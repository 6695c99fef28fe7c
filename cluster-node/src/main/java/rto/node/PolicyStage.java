package rto.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import rto.checkpoint.WholeFolder;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.settings.Settings;
import rto.protocol.RunEvent.IterationLearned;
import rto.rollout.RolloutSettings;
import rto.run.Deadlines;
import rto.run.RunObserver;
import rto.run.RunPlan;
import rto.tensor.ComputePool;
import rto.train.PolicyLearner;
import rto.train.RolloutPlan;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * The policy stage on a cluster of one node: from where the journal ends to the end of the run, and
 * then the policy as a model folder.
 */
final class PolicyStage {

  private static final String STAGE = "rto";
  private static final int STALENESS = 0;

  /** What the progress line shows; metrics.jsonl has everything. */
  private static final Set<String> GLANCE =
      Set.of(
          MetricNames.REWARD.key(),
          MetricNames.KL.key(),
          MetricNames.LENGTH.key(),
          MetricNames.TOKENS_PER_SECOND.key());

  private final RunSettings settings;
  private final RunFolder folder;
  private final ComputePool pool;
  private final Progress progress;
  private final MetricsLog metrics;

  PolicyStage(
      RunSettings settings,
      RunFolder folder,
      ComputePool pool,
      Progress progress,
      MetricsLog metrics) {
    this.settings = settings;
    this.folder = folder;
    this.pool = pool;
    this.progress = progress;
    this.metrics = metrics;
  }

  /** Runs to the end and returns the digest of the final state. */
  String run() throws Exception {
    RtoSettings rto = settings.rto();
    try (Tokenizer tokenizer = Tokenizer.ofModel(folder.base());
        Engines engines = new Engines(settings, folder);
        Progress.Stage shown = progress.begin(STAGE, "iterations", rto.iterations())) {
      RunParts parts =
          new RunParts(
              plan(rto),
              tasks(rto, tokenizer)::tasks,
              engines.learner(pool),
              engines.policies(),
              engines.scorers(),
              RolloutSettings.standard(),
              new Watcher(shown));
      ClusterRun run = ClusterRun.start(NodeOptions.oneJvm(folder.root()), parts);
      String digest = run.result().toCompletableFuture().join().digest();
      keepPolicy();
      return digest;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  private RunPlan plan(RtoSettings rto) {
    return new RunPlan(
        STAGE,
        Settings.sha256(settings.identity()),
        rto.iterations(),
        rto.tasks(),
        rto.checkpointEvery(),
        STALENESS,
        Deadlines.standard());
  }

  private RolloutPlan tasks(RtoSettings rto, Tokenizer tokenizer) {
    List<int[]> prompts =
        settings.data().prompts(settings.seed()).stream().map(tokenizer::encode).toList();
    return new RolloutPlan(STAGE, rto, prompts, tokenizer.eosToken(), settings.seed());
  }

  /** The last checkpoint's policy becomes the run's model. */
  private void keepPolicy() throws IOException {
    Path last = PolicyLearner.checkpoint(folder.checkpoints(), settings.rto().iterations());
    if (WholeFolder.exists(folder.policy())) {
      WholeFolder.verify(folder.policy());
      return;
    }
    WholeFolder.verify(last);
    WholeFolder.write(
        folder.policy(),
        into -> {
          Path policy = last.resolve("policy");
          for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(policy.resolve(name), into.resolve(name));
          }
          Tokenizer.copyFiles(folder.base(), into);
        });
  }

  /** Shows and logs each learned iteration. */
  private final class Watcher implements RunObserver {
    private final Progress.Stage shown;
    private long last = System.nanoTime();
    private final Set<Long> logged;

    Watcher(Progress.Stage shown) throws IOException {
      this.shown = shown;
      this.logged =
          MetricsLog.read(folder.metrics()).stream()
              .filter(entry -> entry.stage().equals(STAGE))
              .map(MetricsLog.Entry::step)
              .collect(Collectors.toSet());
    }

    @Override
    public void learned(IterationLearned event, boolean replayed) {
      Map<String, Double> numbers = new HashMap<>(event.metrics());
      long now = System.nanoTime();
      if (!replayed) {
        double tokens = numbers.get(MetricNames.LENGTH.key()) * settings.rto().trajectories();
        numbers.put(MetricNames.TOKENS_PER_SECOND.key(), tokens * 1e9 / (now - last));
      }
      last = now;
      log(event.iteration(), numbers);
      Map<String, Double> glance = new HashMap<>(numbers);
      glance.keySet().retainAll(GLANCE);
      shown.step(event.iteration() + 1L, glance);
    }

    /** What the log has stays: a replayed iteration has lost its tokens per second. */
    private void log(long iteration, Map<String, Double> numbers) {
      if (!logged.add(iteration)) {
        return;
      }
      try {
        metrics.append(new MetricsLog.Entry(STAGE, iteration, numbers));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void finished(String digest) {}

    @Override
    public void failed(String reason) {}
  }
}
