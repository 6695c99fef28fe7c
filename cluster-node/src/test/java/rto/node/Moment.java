package rto.node;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run is, as seen from outside: from the folders that are being written and from what the
 * process says that it waits for.
 *
 * @param iteration of the policy stage; 0 in the others, and when it recovers
 */
record Moment(Phase phase, int iteration) implements Comparable<Moment> {

  /** In the order of a run; those of the policy stage alternate. */
  enum Phase {
    STARTING,
    BASE,
    PREFERENCES,
    REWARD_MODEL,
    DPO,
    RECOVERING,
    ROLLOUT,
    LEARNING,
    CHECKPOINT,
    EVALUATION;

    private boolean isOfIterations() {
      return this == RECOVERING || this == ROLLOUT || this == LEARNING || this == CHECKPOINT;
    }
  }

  private static final Pattern WAIT =
      Pattern.compile(
          "run rto: (recovering|rolling-out|learning): waiting for (.*?)(?:iteration (\\d+))? from ");

  private static final Comparator<Moment> ORDER =
      Comparator.comparing((Moment m) -> m.phase == Phase.EVALUATION)
          .thenComparing((Moment m) -> m.phase.isOfIterations())
          .thenComparing(Moment::iteration)
          .thenComparing(Moment::phase);

  static Moment of(Phase phase) {
    return new Moment(phase, 0);
  }

  /** Of the process that works in the folder, or that worked there and is dead. */
  static Moment of(Path folder, Child child) {
    List<String> said = child.err();
    for (int i = said.size() - 1; i >= 0; i--) {
      if (said.get(i).contains("run rto: finished")) {
        return of(Phase.EVALUATION);
      }
      Matcher wait = WAIT.matcher(said.get(i));
      if (wait.find()) {
        return waiting(wait);
      }
    }
    return ofStage(folder, child);
  }

  private static Moment waiting(Matcher wait) {
    if (wait.group(1).equals("recovering")) {
      return of(Phase.RECOVERING);
    }
    int iteration = Integer.parseInt(wait.group(3));
    if (wait.group(1).equals("rolling-out")) {
      return new Moment(Phase.ROLLOUT, iteration);
    }
    boolean checkpoint = wait.group(2).startsWith("the checkpoint");
    return new Moment(checkpoint ? Phase.CHECKPOINT : Phase.LEARNING, iteration);
  }

  private static Moment ofStage(Path folder, Child child) {
    if (child.hasMade(folder.resolve("dpo.part"))) {
      return of(Phase.DPO);
    }
    if (child.hasMade(folder.resolve("reward-model.part"))) {
      return of(Phase.REWARD_MODEL);
    }
    if (child.hasMade(folder.resolve("preferences.part"))) {
      return of(Phase.PREFERENCES);
    }
    return of(child.hasMade(folder.resolve("base.part")) ? Phase.BASE : Phase.STARTING);
  }

  @Override
  public int compareTo(Moment other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return phase + (phase.isOfIterations() ? " of iteration " + iteration : "");
  }
}
