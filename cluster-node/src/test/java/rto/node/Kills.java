package rto.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** The exit status after signal 9. */
  private static final int KILLED = 128 + 9;

  /** Parts of a phase's length: within it, so that the phase is hit, or anywhere near. */
  private static final double WITHIN = 0.6;

  private static final double NEAR = 1.5;

  private final Random random;
  private final PhaseLengths lengths;
  private final Path folder;
  private final List<String> command;
  private final List<String> report = new ArrayList<>();
  private final List<Phase> hit = new ArrayList<>();
  private int done = 0;

  /**
   * @param lengths of this run's phases
   * @param folder the run's
   * @param command that starts the run and goes on with it
   */
  Kills(long seed, PhaseLengths lengths, Path folder, List<String> command) {
    this.lengths = lengths;
    this.random = new Random(seed);
    this.folder = folder;
    this.command = command;
  }

  /** When to kill: so long after the run is at this moment, or beyond it. */
  private record Plan(Moment moment, int delayMillis) {}

  /** Starts the run and kills it so many times, in the order of its phases. */
  void kill(int times) throws IOException, InterruptedException {
    List<Plan> plans =
        IntStream.range(0, times)
            .mapToObj(i -> i < WANTED.size() ? plan(WANTED.get(i), WITHIN) : plan(any(), NEAR))
            .sorted(Comparator.comparing(Plan::moment))
            .toList();
    for (Plan plan : plans) {
      killOnce(plan);
    }
  }

  private Plan plan(Phase phase, double part) {
    // After the evaluation there is nothing left to kill.
    double within = phase == Phase.EVALUATION ? WITHIN : part;
    return new Plan(moment(phase), (int) (random.nextDouble() * within * lengths.millis(phase)));
  }

  private Phase any() {
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
      child.kill();
      if (child.ended() == 0) {
        report.add("    planned " + plan + ", had ended by itself");
        return;
      }
      requireKilled(child);
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
    while (true) {
      Moment now = Moment.of(folder, child);
      boolean started = now.phase() != Phase.STARTING && now.phase() != Phase.RECOVERING;
      if (working < 0 && started) {
        working = child.seconds();
      }
      boolean recovers = now.phase() == Phase.RECOVERING && wanted.phase() == now.phase();
      if (recovers || now.compareTo(wanted) >= 0) {
        return working;
      }
      if (!child.isAlive()) {
        return working;
      }
      Thread.sleep(1);
    }
  }

  private static void requireKilled(Child child) throws InterruptedException {
    if (child.ended() != KILLED) {
      throw new AssertionError("failed by itself:\n" + child.said());
    }
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

  /** The phases in which the run died; fewer than planned if it ended before. */
  List<Phase> hit() {
    return hit;
  }

  /** The moments, one a line. */
  @Override
  public String toString() {
    return String.join("\n", report) + "\n";
  }
}
