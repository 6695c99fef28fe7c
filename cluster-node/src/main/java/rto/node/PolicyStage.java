package rto.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import rto.checkpoint.WholeFolder;
import rto.lm.io.PeftCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.settings.Settings;
import rto.rollout.RolloutSettings;
import rto.run.Deadlines;
import rto.run.RunPlan;
import rto.tensor.ComputePool;
import rto.train.Checkpoints;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * The policy stage: from where the journal ends to the end of the run, and then the policy as a
 * model folder.
 */
final class PolicyStage {

  /** Where the stage's brain is at work, and who samples and scores for it. */
  interface Seat {

    /** Under whose name the run journals, and rollout workers and scorers register. */
    String run();

    /**
     * Runs the stage to its end and returns the digest of the final state.
     *
     * @param engines makes the other rooms' models, if they are wanted here
     */
    String take(BrainParts brain, Engines engines) throws Exception;

    /** What was loaded here ahead, with all stages verified; the caller closes it. */
    default Optional<PreparedBrain> prepared() {
      return Optional.empty();
    }
  }

  static final String STAGE = "rto";

  private final RunSettings settings;
  private final RunFolder folder;
  private final ComputePool pool;
  private final Progress progress;
  private final MetricsLog metrics;
  private final Seat seat;
  private final Optional<PreparedBrain> prepared;

  /** All rooms in this process, as a cluster of one node. */
  PolicyStage(
      RunSettings settings,
      RunFolder folder,
      ComputePool pool,
      Progress progress,
      MetricsLog metrics) {
    this(settings, folder, pool, progress, metrics, new OneJvm(folder), Optional.empty());
  }

  /**
   * @param prepared the brain's part, if it is loaded already; closed at the end
   */
  PolicyStage(
      RunSettings settings,
      RunFolder folder,
      ComputePool pool,
      Progress progress,
      MetricsLog metrics,
      Seat seat,
      Optional<PreparedBrain> prepared) {
    this.settings = settings;
    this.folder = folder;
    this.pool = pool;
    this.progress = progress;
    this.metrics = metrics;
    this.seat = seat;
    this.prepared = prepared;
  }

  /** Runs to the end and returns the digest of the final state. */
  String run() throws Exception {
    RtoSettings rto = settings.rto();
    try (PreparedBrain ready = ready();
        Progress.Stage shown = progress.begin(STAGE, "iterations", rto.iterations())) {
      BrainParts brain =
          new BrainParts(
              plan(rto),
              ready.tasks()::tasks,
              ready.learner(),
              new IterationWatch(rto.trajectories(), metrics, folder.metrics(), shown));
      String digest = seat.take(brain, ready.engines());
      keepPolicy();
      return digest;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  private PreparedBrain ready() throws IOException {
    return prepared.isPresent()
        ? prepared.get()
        : PreparedBrain.load(settings, folder, seat.run(), pool);
  }

  /** All rooms in this process. */
  private record OneJvm(RunFolder folder) implements Seat {

    @Override
    public String run() {
      return STAGE;
    }

    @Override
    public String take(BrainParts brain, Engines engines) throws IOException {
      RunParts parts =
          new RunParts(
              brain.plan(),
              brain.tasks(),
              brain.learner(),
              engines.policies(),
              engines.scorers(),
              RolloutSettings.standard(),
              brain.observer());
      ClusterRun run = ClusterRun.start(NodeOptions.oneJvm(folder.root()), parts);
      return run.result().toCompletableFuture().join().digest();
    }
  }

  private RunPlan plan(RtoSettings rto) {
    return new RunPlan(
        seat.run(),
        Settings.sha256(settings.identity()),
        rto.iterations(),
        rto.tasks(),
        rto.checkpointEvery(),
        rto.staleness(),
        Deadlines.of(settings.resources().taskDeadline()));
  }

  private void copyModel(Path policy, Path into) throws IOException {
    if (PeftCheckpoint.isAdapter(policy)) {
      PeftCheckpoint.copy(policy, into, folder.base());
      Tokenizer.copyFiles(folder.base(), into);
      return;
    }
    try (Stream<Path> files = Files.list(policy)) {
      for (Path file : files.toList()) {
        Files.copy(file, into.resolve(file.getFileName()));
      }
    }
  }

  /** The last checkpoint's policy becomes the run's model. */
  private void keepPolicy() throws IOException {
    Path last = new Checkpoints(folder.checkpoints()).of(settings.rto().iterations());
    if (WholeFolder.exists(folder.policy())) {
      WholeFolder.verify(folder.policy());
      return;
    }
    WholeFolder.verify(last);
    WholeFolder.write(
        folder.policy(),
        into -> {
          copyModel(last.resolve("policy"), into);
        });
  }
}
