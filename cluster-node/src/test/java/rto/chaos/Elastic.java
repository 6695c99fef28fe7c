package rto.chaos;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import rto.protocol.DeskEvent.RunEnded;
import rto.protocol.RunEvent.IterationLearned;

/** What a cluster goes through that nobody broke: it grows, shrinks, limps, and is stopped. */
final class Elastic {

  private static final int TENTH_MILLIS = 10;

  private final ChaosRun run;

  /**
   * @param run that has begun
   */
  Elastic(ChaosRun run) {
    this.run = run;
  }

  /** Workers join and leave at random until the run is over; returns how often. */
  int comeAndGo(long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    int changes = 0;
    while (!run.isOver()) {
      var workers = run.house().names("rollout");
      // There may be none for a while.
      if (workers.isEmpty() || random.nextBoolean() && workers.size() < 4) {
        run.house().join("rollout-" + (100 + changes));
      } else {
        String leaving = workers.get(random.nextInt(workers.size()));
        if (run.house().victim(leaving) != null) {
          run.house().leave(leaving);
        }
      }
      changes++;
      Thread.sleep(random.nextInt(3000));
    }
    return changes;
  }

  /** A node gets a tenth of its time until the run is over. */
  void limp(String name) throws InterruptedException {
    var over = new AtomicBoolean();
    while (!over.get()) {
      Victim victim = run.house().victim(name);
      if (victim != null) {
        victim.stop();
        Thread.sleep(9 * TENTH_MILLIS);
        victim.goOn();
        Thread.sleep(TENTH_MILLIS);
      }
      over.set(run.isOver());
    }
  }

  /** The run is stopped after each iteration and handed in again; returns how often. */
  int stopAtEveryIteration(int iterations) throws InterruptedException {
    int stops = 0;
    for (int k = 0; k < iterations - 1; k++) {
      int iteration = k;
      Patience.await("iteration " + k, () -> isLearned(iteration) || run.isOver());
      long ends = ends();
      if (run.isOver() || !run.client().stop().accepted()) {
        break;
      }
      stops++;
      Patience.await("the stop after iteration " + k, () -> ends() > ends);
      if (!run.isOver()) {
        run.submit();
      }
    }
    return stops;
  }

  private boolean isLearned(int iteration) {
    return run.witness()
        .of(IterationLearned.class, learned -> learned.iteration() == iteration)
        .findAny()
        .isPresent();
  }

  private long ends() {
    return run.witness().of(RunEnded.class, ended -> true).count();
  }
}
