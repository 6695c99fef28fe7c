package rto.node;

import akka.persistence.typed.PersistenceId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import rto.metrics.Progress;
import rto.node.cluster.RunMaker;
import rto.node.cluster.RunStopped;
import rto.node.settings.Settings;
import rto.protocol.RunEvent.RunFinished;
import rto.run.TrainingRun;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * Makes runs on a learner's node: the stages before the policy stage here alone, the policy stage
 * with the brain at the desk and the rooms wherever they are, and the report here again.
 */
final class ClusterPipeline implements RunMaker {

  /** A node that just lost the desk may still be about to end its process. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private final NodeSettings node;
  private final Standby<PreparedBrain> standby = new Standby<>(this::prepare, this::journalId);

  ClusterPipeline(NodeSettings node) {
    this.node = node;
  }

  /** Prepares the run that is on, while this node has not got the desk. */
  Standby<PreparedBrain> standby() {
    return standby;
  }

  private PreparedBrain prepare(String run, String config) throws IOException {
    RunSettings settings = Settings.read(config, node.overrides(), RunSettings.class);
    TorchThreads.choose(settings.torchThreads());
    RunFolder folder = new RunFolder(node.folder(run));
    Devices.requireKindOf(folder, settings.resources());
    Devices.choose(settings);
    return PreparedBrain.loadAhead(settings, folder, runId(node, run));
  }

  /** Under whose name a run journals, and its rooms register. */
  static String runId(NodeSettings node, String run) {
    return node.oneRun() ? PolicyStage.STAGE : run;
  }

  private PersistenceId journalId(String run) {
    return node.oneRun() ? TrainingRun.PERSISTENCE_ID : PersistenceId.of("training-run", run);
  }

  @Override
  public String make(String run, String config, Brains brains, Progress progress) throws Exception {
    RunSettings settings = Settings.read(config, node.overrides(), RunSettings.class);
    RunFolder folder = new RunFolder(node.folder(run));
    TorchThreads.choose(settings.torchThreads());
    stayOutOfAnotherKind(folder, settings);
    Devices.choose(settings);
    if (!standby.isFor(run, config)) {
      SettingsCheck.require(settings, folder);
    }
    var text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
    TrainingPipeline pipeline =
        new TrainingPipeline(
            "RTO " + run,
            settings,
            folder,
            progress,
            out,
            Optional.of(new AtDesk(run, config, brains)));
    whenFree(pipeline);
    return text.toString(StandardCharsets.UTF_8);
  }

  /** The run is not over: it goes on where the kind of device is that it began on. */
  private static void stayOutOfAnotherKind(RunFolder folder, RunSettings settings) {
    try {
      Devices.requireKindOf(folder, settings.resources());
    } catch (IllegalArgumentException otherKind) {
      throw new RunStopped(otherKind.getMessage());
    }
  }

  private static void whenFree(TrainingPipeline pipeline) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        pipeline.run();
        return;
      } catch (FolderBusy busy) {
        if (Instant.now().isAfter(end)) {
          // Another learner's node makes the run: this one is not needed.
          throw new RunStopped(busy.getMessage());
        }
        Thread.sleep(BETWEEN_TRIES.toMillis());
      }
    }
  }

  /** The brain is the desk's child. */
  private final class AtDesk implements PolicyStage.Seat {

    private final String name;
    private final String config;
    private final Brains brains;

    AtDesk(String name, String config, Brains brains) {
      this.name = name;
      this.config = config;
      this.brains = brains;
    }

    @Override
    public String run() {
      return runId(node, name);
    }

    @Override
    public Optional<PreparedBrain> prepared() {
      return standby.take(name, config);
    }

    @Override
    public String take(BrainParts brain, Engines engines) {
      var end = new CompletableFuture<RunFinished>();
      brains.start(
          Wiring.brain(journalId(name), brain.observedBy(new RunEnding(brain.observer(), end))),
          end);
      return end.join().digest();
    }
  }
}
