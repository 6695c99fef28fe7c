package rto.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.checkpoint.WholeFolder;

/** The long run, {@code mvn verify -Pchaos}: what {@link ChaosMain} says is its report. */
@EnabledIfSystemProperty(
    named = "rto.chaos.kills",
    matches = "[0-9]+",
    disabledReason = "takes most of an hour: mvn verify -Pchaos")
class LongChaosIT {

  private static final Path FOLDER =
      Path.of(System.getProperty("rto.chaos.folder", "target/chaos"));
  private static final int ITERATIONS = 12;

  /** What is done to a run that has begun, until it is over. */
  private interface Trial {
    void on(ChaosRun run) throws Exception;
  }

  @Test
  void digestIsThatOfAnUndisturbedRunAfterEveryKill() throws Exception {
    assertThat(new ChaosMain().run()).as("see what was printed: the seed that replays it").isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void digestDoesNotDependOnTheNumberOfWorkers(int workers) throws Exception {
    judge("workers-" + workers, workers, 3 * ITERATIONS, run -> {});
  }

  @Test
  void workersComeAndGoAtRandom() throws Exception {
    judge(
        "come-and-go",
        2,
        10 * ITERATIONS,
        run -> assertThat(new Elastic(run).comeAndGo(1)).isGreaterThan(3));
  }

  @Test
  void oneWorkerIsTenTimesSlower() throws Exception {
    judge("limping", 2, 3 * ITERATIONS, run -> new Elastic(run).limp("rollout-0"));
  }

  @Test
  void runIsStoppedAndGoneOnWithAtEveryIteration() throws Exception {
    judge(
        "stopped",
        2,
        ITERATIONS,
        run ->
            assertThat(new Elastic(run).stopAtEveryIteration(ITERATIONS))
                .isEqualTo(ITERATIONS - 1));
  }

  private static void judge(String name, int workers, int iterations, Trial trial)
      throws Exception {
    Prepared prepared = Prepared.in(FOLDER.resolve("prepared-" + iterations), iterations, 0);
    Path folder = FOLDER.resolve(name);
    WholeFolder.delete(folder);
    var scenario = Scenario.ofKills(1, workers, true);
    try (ChaosRun run = new ChaosRun(scenario, prepared, folder, System.out)) {
      run.begin();
      trial.on(run);
      var nothing = new ChaosPlan(0, List.of());
      assertThat(run.disturb(nothing).violations()).isEmpty();
    }
  }
}
