package rto.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** One compute thread that takes the work that waits in an order drawn from a seed. */
final class ShuffledExecutor implements Executor {

  private final Random random;
  private final List<Runnable> waiting = new ArrayList<>();
  private final Executor thread = House.singleThread();

  ShuffledExecutor(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public void execute(Runnable work) {
    synchronized (waiting) {
      waiting.add(work);
    }
    thread.execute(() -> take().run());
  }

  private Runnable take() {
    synchronized (waiting) {
      return waiting.remove(random.nextInt(waiting.size()));
    }
  }
}
