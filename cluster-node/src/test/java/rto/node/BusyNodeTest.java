package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import rto.protocol.RolloutTask;
import rto.protocol.Trajectory;
import rto.run.Deadlines;
import rto.run.RunPlan;

class BusyNodeTest {

  /** Ten times as long as a silent node is waited for, or {@code -Drto.busy.seconds}. */
  private static final Duration BUSY = Duration.ofSeconds(Long.getLong("rto.busy.seconds", 30));

  @TempDir Path folder;

  @Test
  void nodeAnswersAndStaysHealthyWhileAllCoresCompute() throws Exception {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var akka = (Logger) LoggerFactory.getLogger("akka");
    akka.addAppender(log);
    keepAllCoresBusy();
    var plan = new RunPlan("busy", "config", 1, 1, 1, 0, Deadlines.standard());
    var parts =
        HashingEngines.parts(
            plan, HashingEngines.Learner.emptyDisk(), new SpinningPolicy(), new ChildRun.Silent());

    var run = ClusterRun.start(NodeOptions.oneJvm(folder), parts);
    List<Duration> answers = new ArrayList<>();
    while (!endsWithin(Duration.ofMillis(50), run)) {
      answers.add(timeToAnswer(run));
    }
    akka.detachAppender(log);

    // Asked every 50 ms; cores that three threads compete for are given out in slices of some
    // milliseconds.
    assertThat(answers).hasSizeGreaterThan((int) BUSY.toSeconds() * 5);
    assertThat(answers.stream().sorted().skip(answers.size() / 2).findFirst().orElseThrow())
        .isLessThan(Duration.ofMillis(200));
    assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
  }

  private static boolean endsWithin(Duration patience, ClusterRun run) throws Exception {
    try {
      run.result().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** An answer that does not come counts with the time it was waited for. */
  private static Duration timeToAnswer(ClusterRun run) {
    long asked = System.nanoTime();
    run.status().handle((status, failure) -> status).toCompletableFuture().join();
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  private static void keepAllCoresBusy() {
    IntStream.range(0, Runtime.getRuntime().availableProcessors()).forEach(core -> startSpinning());
  }

  private static void startSpinning() {
    var thread = new Thread(() -> spin(BUSY.plusSeconds(2)), "busy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void spin(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** One more thread that computes, this one for the run. */
  private static final class SpinningPolicy extends HashingEngines.Policy {
    @Override
    public List<Trajectory> sample(RolloutTask task) {
      spin(BUSY);
      return super.sample(task);
    }
  }
}
