package rto.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import rto.algorithm.TokenReward;
import rto.checkpoint.WholeFolder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.settings.Settings;
import rto.rollout.RolloutSettings;
import rto.run.Deadlines;
import rto.run.RunPlan;
import rto.tensor.ComputePool;
import rto.train.PolicyLearner;
import rto.train.RolloutPlan;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;

/**
 * The policy stage on a cluster of one node: from where the journal ends to the end of the run, and
 * then the policy as a model folder.
 */
final class PolicyStage {

  static final String STAGE = "rto";
  private static final int STALENESS = 0;

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
        Engines engines = new Engines(settings, folder, rule(tokenizer));
        Progress.Stage shown = progress.begin(STAGE, "iterations", rto.iterations())) {
      RunParts parts =
          new RunParts(
              plan(rto),
              tasks(rto, tokenizer)::tasks,
              engines.learner(pool),
              engines.policies(),
              engines.scorers(),
              RolloutSettings.standard(),
              new IterationWatch(rto.trajectories(), metrics, folder.metrics(), shown));
      ClusterRun run = ClusterRun.start(NodeOptions.oneJvm(folder.root()), parts);
      String digest = run.result().toCompletableFuture().join().digest();
      keepPolicy();
      return digest;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  private TokenReward rule(Tokenizer tokenizer) throws IOException {
    int size = HfCheckpoint.config(folder.base()).vocabSize();
    return settings.rto().rule(() -> tokenizer.vocabulary(size));
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
    List<int[]> prompts = RunPrompts.read(folder).train().stream().map(tokenizer::encode).toList();
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
}
