package rto.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import rto.metrics.Progress;
import rto.node.cluster.ClusterClient;
import rto.protocol.DeskEvent.How;
import rto.protocol.DeskEvent.RunEnded;
import rto.protocol.DeskStatus;
import rto.protocol.RunStatus;

/** Shows from outside how far a cluster's run is, until it ends. */
final class RunFollower {

  private static final Duration BETWEEN = Duration.ofMillis(300);

  /** What a node knows of the desk may be a second old: of before the run was handed in. */
  private static final Duration STALE = Duration.ofSeconds(3);

  private final ClusterClient client;
  private final Progress progress;
  private DeskStatus.Stage shown = DeskStatus.Stage.NONE;
  private Optional<Progress.Stage> stage = Optional.empty();

  RunFollower(ClusterClient client, Progress progress) {
    this.client = client;
    this.progress = progress;
  }

  /**
   * Returns what the run's user reads at its end.
   *
   * @param broken ends the watch by failing
   * @throws RunFailed if it did not finish
   */
  String follow(String run, CompletableFuture<Void> broken) throws Exception {
    Instant fresh = Instant.now().plus(STALE);
    boolean seen = false;
    while (true) {
      Optional<DeskStatus> desk = ask();
      seen = seen || desk.filter(DeskStatus::isOn).isPresent() || Instant.now().isAfter(fresh);
      desk.filter(DeskStatus::isOn).ifPresent(this::show);
      Optional<RunEnded> ended =
          desk.filter(status -> !status.isOn())
              .flatMap(DeskStatus::last)
              .filter(last -> last.run().equals(run));
      if (seen && ended.isPresent()) {
        stage.ifPresent(Progress.Stage::close);
        return text(ended.get());
      }
      waitOrFail(broken);
    }
  }

  /** Nobody may answer while a learner's node is started again: the nodes themselves say so. */
  private Optional<DeskStatus> ask() {
    try {
      return client.status().desk();
    } catch (IllegalStateException nobodyAnswers) {
      return Optional.empty();
    }
  }

  private static String text(RunEnded ended) {
    if (ended.how() == How.FINISHED) {
      return ended.text();
    }
    throw new RunFailed(ended.how() == How.STOPPED ? "stopped: " + ended.text() : ended.text());
  }

  private void show(DeskStatus status) {
    DeskStatus.Stage now = status.stage();
    if (!now.name().equals(shown.name())) {
      stage.ifPresent(Progress.Stage::close);
      stage =
          now.equals(DeskStatus.Stage.NONE)
              ? Optional.empty()
              : Optional.of(progress.begin(now.name(), now.unit(), now.total()));
    }
    if (!now.equals(shown)) {
      Map<String, Double> numbers =
          status.status().map(RunStatus::metrics).map(IterationWatch::glance).orElse(Map.of());
      boolean policy = now.name().equals(PolicyStage.STAGE);
      stage.ifPresent(open -> open.step(now.done(), policy ? numbers : Map.of()));
    }
    shown = now;
  }

  private static void waitOrFail(CompletableFuture<Void> broken) throws Exception {
    try {
      broken.get(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException goOn) {
      // nothing is broken
    }
  }
}
