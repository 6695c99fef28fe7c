package rto.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What trains, and what goes on with it. */
class RunCommandsTest extends CommandLineFixture {

  @Test
  void quickstartNeedsNothing() {
    assertThat(rto("quickstart")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Quickstart(Path.of("runs/quickstart-1"), 1, List.of()));
  }

  @Test
  void quickstartTakesAFolderASeedAndSettings() {
    assertThat(rto("quickstart", "--out", "here", "--seed=7", "rto.iterations=2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Quickstart(Path.of("here"), 7, List.of("rto.iterations=2")));
  }

  @Test
  void quickstartsSeedIsAnOptionSinceItsFolderIsNamedAfterIt() {
    assertThat(rto("quickstart", "seed=5")).isEqualTo(2);
    assertThat(err.toString()).contains("override: seed=5", "use --seed");
    assertThat(operations.asked).isNull();
  }

  @Test
  void trainTakesAFileAndSettingsAndNamesItsFolderAfterTheFile() {
    assertThat(rto("train", file.toString(), "a.b=1", "c=[1, 2]")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Train(file, Path.of("runs/small"), List.of("a.b=1", "c=[1, 2]")));
  }

  @Test
  void resumeTakesWhatTheMachineGivesAndNothingElse() {
    assertThat(rto("resume", folder.toString(), "resources.rollout-workers=2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Resume(folder, List.of("resources.rollout-workers=2")));
    assertThat(rto("resume", folder.toString(), "rto.iterations=2")).isEqualTo(2);
    assertThat(err.toString())
        .contains("override: rto.iterations=2 (expected: resources.KEY=VALUE; ");
  }

  @Test
  void resumeNeedsAFolderThatExists() {
    assertThat(rto("resume", folder.toString())).isZero();
    assertThat(rto("resume", "nowhere")).isEqualTo(2);
    assertThat(err.toString()).contains("run: nowhere (expected: an existing folder)");
  }

  @Test
  void compareTakesAFileArmsAndSeeds() {
    int cores = Runtime.getRuntime().availableProcessors();
    assertThat(rto("compare", file.toString())).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Compare(
                file, Path.of("runs/small"), List.of(), OptionalInt.empty(), cores, List.of()));

    String[] more = {"--arms", "ppo,rto", "--seeds=3", "--parallel=1", "--out=d", "rto.gamma=0.9"};
    assertThat(rto(with("compare", new String[] {file.toString()}, more))).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Compare(
                file,
                Path.of("d"),
                List.of("ppo", "rto"),
                OptionalInt.of(3),
                1,
                List.of("rto.gamma=0.9")));

    assertThat(rto("compare", file.toString(), "--seeds=0")).isEqualTo(2);
    assertThat(err.toString()).contains("seeds: 0 (expected: > 0)");
    assertThat(rto("compare", file.toString(), "seed=7")).isEqualTo(2);
    assertThat(err.toString())
        .contains("override: seed=7 (expected: --seeds N, and compare.first-seed=N for the first");
  }

  @Test
  void theoryNeedsNothingAndTakesAFolder() {
    assertThat(rto("theory")).isZero();
    assertThat(operations.asked).isEqualTo(new Operations.Theory(Optional.empty(), 20, 1));
    assertThat(rto("theory", "--out", "here", "--seeds", "5", "--seed", "2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Theory(Optional.of(Path.of("here")), 5, 2));
    assertThat(rto("theory", "--seeds", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("seeds: 1 (expected: >= 2, for an interval)");
  }
}
