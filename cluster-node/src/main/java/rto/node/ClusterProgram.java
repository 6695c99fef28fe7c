package rto.node;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import rto.metrics.Progress;
import rto.node.cli.Operations;
import rto.node.cluster.ClusterClient;
import rto.node.journal.Journal;
import rto.node.journal.JournalServer;
import rto.node.journal.Secret;
import rto.node.settings.Settings;
import rto.protocol.DeskReply;
import rto.train.RunFolder;
import rto.train.RunSettings;

/** What the commands for clusters of several processes do. */
final class ClusterProgram {

  /** A wait that is longer than this is told. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final PrintStream out;
  private final Progress progress;

  ClusterProgram(PrintStream out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Runs a node until it leaves; the JVM ends with it. */
  void node(Operations.Node options) throws Exception {
    if (options.withParent()) {
      WithParent.guard();
    }
    NodeSettings settings =
        Settings.load(
            options.config(), options.overrides(), NodeSettings.DEFAULTS, NodeSettings.class);
    settings.warnings().forEach(System.err::println);
    ClusterNode.start(settings).getWhenTerminated().toCompletableFuture().join();
    // The coordinated shutdown, which knows the status, ends the JVM.
    new CompletableFuture<Void>().join();
  }

  void submit(Operations.Submit options) throws Exception {
    RunSettings settings = RunFile.load(options.config(), options.overrides());
    try (ClusterClient client = client(options.cluster())) {
      accepted(client.submit(options.name(), Settings.render(settings.identity())));
      if (options.follow()) {
        out.print(new RunFollower(client, progress).follow(options.name(), never()));
      }
    }
  }

  void control(Operations.Control options) {
    try (ClusterClient client = client(options.cluster())) {
      switch (options.action()) {
        case STATUS -> StatusText.print(client.status(), out);
        case PAUSE -> client.pause();
        case CONTINUE -> client.goOn();
        case STOP -> accepted(client.stop());
        case DRAIN -> accepted(client.drain(options.node().orElseThrow()));
      }
    }
  }

  /** A whole cluster on this machine, for one run. */
  void local(Operations.Local options) throws Exception {
    RunSettings settings = RunFile.load(options.config(), options.overrides());
    Path folder = options.out().toAbsolutePath().normalize();
    SettingsCheck.require(settings, new RunFolder(folder));
    // The folder is the run's before the journal lies in it.
    FolderClaim.holding(new RunFolder(folder), settings, () -> {});
    out.println("RTO " + folder.getFileName() + ", seed " + settings.seed() + ", in " + folder);
    Interruption.announcedOn(
        System.err, "the same command, or rto resume,", () -> local(options, settings, folder));
  }

  private void local(Operations.Local options, RunSettings settings, Path folder) throws Exception {
    var clients = new ArrayList<ClusterClient>();
    String password = Secret.draw();
    try (JournalServer journal = JournalServer.start(folder, 0, password);
        LocalCluster cluster =
            new LocalCluster(
                counts(options),
                common(settings, folder, journal),
                Map.of(Journal.PASSWORD, password),
                System.err,
                dead -> clients.forEach(client -> client.died(dead)));
        ClusterClient client = client(new Operations.Cluster(cluster.addresses(), List.of()))) {
      clients.add(client);
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "children"));
      cluster.start();
      String run = folder.getFileName().toString();
      submitWhenThere(client, run, Settings.render(settings.identity()), cluster.broken());
      out.print(new RunFollower(client, progress).follow(run, cluster.broken()));
    }
  }

  private void submitWhenThere(
      ClusterClient client, String run, String config, CompletableFuture<Void> broken)
      throws Exception {
    Instant told = Instant.now();
    while (true) {
      if (broken.isDone()) {
        broken.get();
      }
      try {
        accepted(client.submit(run, config));
        return;
      } catch (IllegalStateException notYet) {
        if (Instant.now().isAfter(told.plus(SILENCE))) {
          System.err.println("rto: handing in run " + run + ": " + notYet.getMessage());
          told = Instant.now();
        }
        Thread.sleep(200);
      }
    }
  }

  private static Map<NodeRole, Integer> counts(Operations.Local options) {
    Map<NodeRole, Integer> counts = new LinkedHashMap<>();
    counts.put(NodeRole.LEARNER, options.learners());
    counts.put(NodeRole.REFERENCE, options.references());
    counts.put(NodeRole.DPO, options.dpos());
    counts.put(NodeRole.REWARD, options.rewards());
    counts.put(NodeRole.ROLLOUT, options.rollouts());
    return counts;
  }

  private static List<String> common(RunSettings settings, Path folder, JournalServer journal) {
    return List.of(
        "--data",
        folder.getParent().toString(),
        "journal.type=h2-server",
        "journal.port=" + journal.port(),
        "one-run=true",
        "failure-detection=one-rack",
        "resources.compute-threads=" + settings.resources().computeThreads(),
        "resources.rollout-workers=1",
        "resources.checkpoints=" + settings.resources().checkpoints(),
        "resources.task-deadline=" + settings.resources().taskDeadline().toMillis() + "ms");
  }

  private void accepted(DeskReply reply) {
    if (!reply.accepted()) {
      throw new IllegalArgumentException(reply.text());
    }
    System.err.println(reply.text());
  }

  private static ClusterClient client(Operations.Cluster cluster) {
    TlsSettings tls =
        Settings.load(Optional.empty(), cluster.tls(), NodeSettings.DEFAULTS, NodeSettings.class)
            .tls();
    return new ClusterClient(NodeConfig.SYSTEM, cluster.nodes(), NodeConfig.ofClient(tls));
  }

  private static CompletableFuture<Void> never() {
    return new CompletableFuture<>();
  }
}
