package rto.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import rto.chaos.ChaosPlan.Kinds;
import rto.chaos.ChaosPlan.Pace;
import rto.chaos.ChaosPlan.Step;
import rto.chaos.Fault.Cut;
import rto.chaos.Fault.FillDisk;
import rto.chaos.Fault.Freeze;
import rto.chaos.Fault.Whom;

/** The chaos driver for a minute; the long run is {@link ChaosMain}'s. */
class ChaosIT {

  private static final long SEED = Long.getLong("rto.chaos.seed", 3);
  private static final int ITERATIONS = 60;

  /** Longer than a silent node is waited for. */
  private static final int TOO_LONG = 9_000;

  /** A checkpoint is due meanwhile. */
  private static final int LONGER_THAN_A_CYCLE = 6_000;

  @TempDir static Path shared;

  private static final Whom BRAIN = new Whom(Target.BRAIN, 0);

  /** A failed one keeps its logs. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temp;

  @Test
  void killedStoppedAndCutOffNodesAreMadeGoodAndTheDigestIsThatOfAnUndisturbedRun()
      throws Exception {
    Prepared prepared = prepared();
    var scenario = new Scenario(2, 2, 1, true, true, Disk.isPossible());
    List<Step> steps = new ArrayList<>();
    // A brain that wakes up, or is heard again, after another one has followed it: two attempted.
    steps.add(new Step(2, 0, Pace.STOOD_IN, new Freeze(BRAIN, TOO_LONG)));
    steps.add(new Step(2, 0, Pace.STOOD_IN, new Cut(BRAIN, TOO_LONG)));
    steps.add(new Step(1, 0, Pace.RECOVERED, new FillDisk(LONGER_THAN_A_CYCLE)));
    steps.addAll(ChaosPlan.random(SEED, 4, Kinds.KILLS).steps());

    try (ChaosRun run = new ChaosRun(scenario, prepared, temp.resolve("chaos"), System.out)) {
      run.slowly().begin();
      ChaosReport report = run.disturb(new ChaosPlan(SEED, steps));

      String again = "again: -Drto.chaos.seed=" + SEED;
      assertThat(report.violations()).as(again).isEmpty();
      assertThat(report.steps()).as("%s; steps done before the end", again).isEqualTo(7);
      assertThat(report.deaths())
          .as("the brain that was followed, twice")
          .filteredOn(death -> death.status() == 255)
          .filteredOn(death -> death.victim().name().startsWith("learner"))
          .hasSizeGreaterThanOrEqualTo(2);
      System.out.print(Recovery.table(report.recoveries()));
    }
  }

  @Test
  void taskThatKillsEveryProcessThatSamplesItEndsTheRunWithItsPrompts() throws Exception {
    Prepared prepared = prepared();
    var scenario = Scenario.ofKills(1, 2, true);
    List<String> deadly = List.of("-D" + Traps.DEADLY_TASK + "=2/1");

    try (ChaosRun run =
        new ChaosRun(scenario, prepared, temp.resolve("deadly"), deadly, System.out)) {
      run.begin();
      Patience.await("the end of the run", run::isOver);

      String reason = run.end().orElseThrow().text();
      assertThat(reason)
          .startsWith("task 2/1 (prompt ")
          .contains("failed on three workers: ")
          .containsPattern("(akka://rto@[^;]*: its node was lost while it had the task.*){3}");
    }
  }

  /** Made once. */
  private static Prepared prepared() throws Exception {
    return Prepared.in(shared.resolve("prepared"), ITERATIONS, 0);
  }
}
