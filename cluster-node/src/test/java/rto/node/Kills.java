package rto.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.node.Moment.Phase;

/** Random moments at which a run is killed, from a seed, and what became of it. */
final class Kills {

  /** These a test wants to hit; the others are where chance falls. */
  private static final List<Phase> WANTED =
      List.of(
          Phase.BASE,
          Phase.ROLLOUT,
          Phase.LEARNING,
          Phase.CHECKPOINT,
          Phase.RECOVERING,
          Phase.ROLLOUT,
          Phase.LEARNING,
          Phase.CHECKPOINT,
          Phase.EVALUATION);

  /** About as long as a phase lasts, so that the kill falls anywhere in it. */
  private static final int SHORT_MILLIS = 40;

  private static final int LONG_MILLIS = 400;

  private final Random random;
  private final Path folder;
  private final List<String> command;
  private final List<String> report = new ArrayList<>();
  private final List<Phase> hit = new ArrayList<>();
  private int done = 0;

  /**
   * @param folder the run's
   * @param command that starts the run and goes on with it
   */
  Kills(long seed, Path folder, List<String> command) {
    this.random = new Random(seed);
    this.folder = folder;
    this.command = command;
  }

  /** When to kill: so long after the run is at this moment, or beyond it. */
  private record Plan(Moment moment, int delayMillis) {}

  /** Starts the run and kills it so many times, in the order of its phases. */
  void kill(int times) throws IOException, InterruptedException {
    List<Moment> moments =
        IntStream.range(0, times)
            .mapToObj(i -> i < WANTED.size() ? WANTED.get(i) : anyPhase())
            .map(this::moment)
            .sorted()
            .toList();
    for (Moment moment : moments) {
      killOnce(new Plan(moment, random.nextInt(isShort(moment) ? SHORT_MILLIS : LONG_MILLIS)));
    }
  }

  private static boolean isShort(Moment moment) {
    return moment.phase() != Phase.BASE && moment.phase() != Phase.EVALUATION;
  }

  private Phase anyPhase() {
    Phase[] all = Phase.values();
    return all[1 + random.nextInt(all.length - 1)];
  }

  private Moment moment(Phase phase) {
    int iteration = random.nextInt(SmallRun.ITERATIONS);
    return switch (phase) {
      case RECOVERING, ROLLOUT, LEARNING -> new Moment(phase, iteration);
      case CHECKPOINT -> new Moment(phase, iteration | (SmallRun.CHECKPOINT_EVERY - 1));
      default -> Moment.of(phase);
    };
  }

  private void killOnce(Plan plan) throws IOException, InterruptedException {
    try (Child child = Child.rto(command)) {
      double working = waitFor(plan.moment(), child);
      Thread.sleep(plan.delayMillis());
      if (!child.isAlive()) {
        throw new AssertionError("ended before " + plan + "\n" + this + child.said());
      }
      child.kill();
      Moment died = Moment.of(folder, child);
      hit.add(died.phase());
      report.add(
          "%2d. planned %d ms into %s, died in %s%s%s"
              .formatted(
                  ++done,
                  plan.delayMillis(),
                  plan.moment(),
                  died,
                  halfWritten() ? " with a checkpoint half written" : "",
                  working < 0 ? "" : ", at work again after %.1f s".formatted(working)));
    }
  }

  /** Returns after how many seconds the process was past reading what there was. */
  private double waitFor(Moment wanted, Child child) throws InterruptedException {
    double working = -1;
    while (child.isAlive()) {
      Moment now = Moment.of(folder, child);
      boolean started = now.phase() != Phase.STARTING && now.phase() != Phase.RECOVERING;
      if (working < 0 && started) {
        working = child.seconds();
      }
      boolean recovers = now.phase() == Phase.RECOVERING && wanted.phase() == now.phase();
      if (recovers || now.compareTo(wanted) >= 0) {
        return working;
      }
      Thread.sleep(1);
    }
    throw new AssertionError("ended before " + wanted + "\n" + this + child.said());
  }

  private boolean halfWritten() throws IOException {
    Path checkpoints = folder.resolve("checkpoints");
    if (!Files.exists(checkpoints)) {
      return false;
    }
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all.anyMatch(path -> path.toString().endsWith(".part"));
    }
  }

  /** The phases in which the run died. */
  List<Phase> hit() {
    return hit;
  }

  /** The moments, one a line. */
  @Override
  public String toString() {
    return String.join("\n", report) + "\n";
  }
}
