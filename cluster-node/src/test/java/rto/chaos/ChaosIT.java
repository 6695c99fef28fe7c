package rto.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import rto.chaos.ChaosPlan.Kinds;
import rto.chaos.ChaosPlan.Step;
import rto.chaos.Fault.Cut;
import rto.chaos.Fault.Freeze;
import rto.chaos.Fault.Whom;

/** The chaos driver for a minute; the long run is {@link ChaosMain}'s. */
class ChaosIT {

  private static final long SEED = Long.getLong("rto.chaos.seed", 3);
  private static final int ITERATIONS = 30;

  /** Longer than a silent node is waited for. */
  private static final int TOO_LONG = 12_000;

  private static final Whom BRAIN = new Whom(Target.BRAIN, 0);

  /** A failed one keeps its logs. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temp;

  @Test
  void killedStoppedAndCutOffNodesAreMadeGoodAndTheDigestIsThatOfAnUndisturbedRun()
      throws Exception {
    Prepared prepared = Prepared.in(temp.resolve("prepared"), ITERATIONS, List.of());
    var scenario = new Scenario(2, 2, 1, true, true);
    List<Step> steps = new ArrayList<>();
    // A brain that wakes up, or is heard again, after another one has followed it: two attempted.
    steps.add(new Step(2, 0, false, new Freeze(BRAIN, TOO_LONG)));
    steps.add(new Step(2, 0, false, new Cut(BRAIN, TOO_LONG)));
    steps.addAll(ChaosPlan.random(SEED, 8, Kinds.KILLS).steps());

    try (ChaosRun run = new ChaosRun(scenario, prepared, temp.resolve("chaos"), System.out)) {
      run.begin();
      ChaosReport report = run.disturb(new ChaosPlan(SEED, steps));

      String again = "again: -Drto.chaos.seed=" + SEED;
      assertThat(report.violations()).as(again).isEmpty();
      assertThat(report.steps()).as("%s; steps done before the end", again).isEqualTo(10);
      assertThat(report.deaths())
          .as("the brain that was followed, twice")
          .filteredOn(death -> death.status() == 255)
          .hasSizeGreaterThanOrEqualTo(2)
          .allMatch(death -> death.victim().name().startsWith("learner"));
      System.out.print(Recovery.table(report.recoveries()));
    }
  }
}
