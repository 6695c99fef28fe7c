package rto.chaos;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rto.chaos.Fault.Cut;
import rto.chaos.Fault.FillDisk;
import rto.chaos.Fault.Freeze;
import rto.chaos.Fault.Kill;
import rto.chaos.Fault.KillAll;
import rto.chaos.Fault.KillInCheckpoint;
import rto.chaos.Fault.Spring;
import rto.chaos.Fault.Whom;

/** What is done to one run, a pure function of a seed. */
record ChaosPlan(long seed, List<Step> steps) {

  /**
   * One disturbance.
   *
   * @param tasks that the run must have accepted since it was at work again after the one before
   * @param millis after that
   * @param pace what is waited for first
   */
  record Step(int tasks, int millis, Pace pace, Fault fault) {

    @Override
    public String toString() {
      return switch (pace) {
        case HURRIED -> "%s, %d ms after the one before".formatted(fault, millis);
        case RECOVERED ->
            "%s, %d tasks and %d ms after the recovery".formatted(fault, tasks, millis);
        case STOOD_IN -> "%s, with a learner standing by".formatted(fault);
      };
    }
  }

  /** What a step waits for. */
  enum Pace {
    /** Nothing. */
    HURRIED,
    /** The recovery from the step before. */
    RECOVERED,
    /** That, and where there are several learners, that one of them stands by. */
    STOOD_IN
  }

  /** Of which kinds a plan is made. */
  enum Kinds {
    /** SIGKILL alone, by chance and at scripted points. */
    KILLS,
    /** All that there is. */
    ALL
  }

  ChaosPlan {
    steps = List.copyOf(steps);
  }

  static ChaosPlan random(long seed, int steps, Kinds kinds) {
    Random random = new Random(seed);
    return new ChaosPlan(
        seed, IntStream.range(0, steps).mapToObj(i -> step(random, i, kinds)).toList());
  }

  private static Step step(Random random, int index, Kinds kinds) {
    // A recovery that is disturbed is not measured: one in six.
    boolean hurried = index > 0 && random.nextInt(6) == 0;
    Pace patient = index % 2 == 0 ? Pace.STOOD_IN : Pace.RECOVERED;
    return new Step(
        random.nextInt(2 * Prepared.TASKS),
        random.nextInt(hurried ? 4000 : 250),
        hurried ? Pace.HURRIED : patient,
        fault(random, kinds));
  }

  private static Fault fault(Random random, Kinds kinds) {
    if (kinds == Kinds.ALL && random.nextInt(3) == 0) {
      return milder(random);
    }
    int chance = random.nextInt(100);
    // Learners half of the time: they have the most to lose.
    if (chance < 20) {
      return new Kill(new Whom(Target.BRAIN, 0));
    } else if (chance < 35) {
      TrapPoint point = random.nextBoolean() ? TrapPoint.BEFORE_WRITE : TrapPoint.AFTER_WRITE;
      return new Spring(new Whom(Target.BRAIN, 0), point, 1 + random.nextInt(12));
    } else if (chance < 43) {
      return new KillInCheckpoint(random.nextInt(200_000));
    } else if (chance < 47) {
      return new Spring(new Whom(Target.BRAIN, 0), TrapPoint.CHUNK_SENT, 1 + random.nextInt(3));
    } else if (chance < 51) {
      return new Kill(new Whom(Target.STANDBY, 0));
    } else if (chance < 54) {
      return new Kill(new Whom(Target.SEED, 0));
    } else if (chance < 56) {
      return new KillAll();
    } else if (chance < 66) {
      return new Kill(new Whom(Target.ROLLOUT, random.nextInt(8)));
    } else if (chance < 76) {
      TrapPoint point = random.nextBoolean() ? TrapPoint.CHUNK_RECEIVED : TrapPoint.TASK_SENT;
      return new Spring(new Whom(Target.ROLLOUT, random.nextInt(8)), point, 1 + random.nextInt(3));
    } else if (chance < 88) {
      return new Kill(scorer(random));
    } else {
      TrapPoint point = random.nextBoolean() ? TrapPoint.TASK_RECEIVED : TrapPoint.TASK_SENT;
      return new Spring(scorer(random), point, 1 + random.nextInt(6));
    }
  }

  private static Fault milder(Random random) {
    Target[] all = Target.values();
    Whom whom = new Whom(all[random.nextInt(all.length)], random.nextInt(8));
    int millis = 200 + random.nextInt(9000);
    return switch (random.nextInt(5)) {
      case 0, 1 -> new Freeze(whom, millis);
      case 2, 3 -> new Cut(whom, millis);
      default -> new FillDisk(200 + random.nextInt(3000));
    };
  }

  private static Whom scorer(Random random) {
    Target[] scorers = {Target.REFERENCE, Target.DPO, Target.REWARD};
    return new Whom(scorers[random.nextInt(scorers.length)], random.nextInt(8));
  }

  /** The seed that makes the same plan again, and what it is. */
  @Override
  public String toString() {
    return steps.stream()
        .map(Step::toString)
        .collect(Collectors.joining("\n  ", "seed " + seed + "\n  ", ""));
  }
}
