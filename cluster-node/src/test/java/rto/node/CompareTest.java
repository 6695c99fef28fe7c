package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static rto.node.SmallComparison.copy;
import static rto.node.SmallComparison.outcomes;
import static rto.node.SmallComparison.small;
import static rto.node.SmallComparison.withoutSeconds;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.compare.ComparisonFolder;
import rto.node.settings.Settings;
import rto.tensor.ComputePool;
import rto.train.RunFolder;
import rto.train.RunSettings;

/** Whole comparisons with models of a few thousand parameters. */
class CompareTest {

  private static final String ARMS =
      """
      compare {
        seeds = 2
        curve { every = 1, prompts = 16 }
        tuning { seeds = [101], prompts = 8, trials = 2 }
        arms = [
          { name = sft, trains = nothing, set = [], tune = [] }
          { name = ipo, trains = preference, set = ["preference-loss.type=ipo"]
            tune = [[], ["dpo.learning-rate=1e-3"]] }
          { name = ppo, trains = policy, set = ["rto.token-reward=ppo"]
            tune = [[], ["rto.policy-learning-rate=1e-3"]] }
          { name = rto, trains = policy, set = [], tune = [[], ["rto.policy-learning-rate=1e-3"]] }
        ]
      }
      """;

  private static final int RUNS = 3 + 6 + 8;

  @TempDir static Path common;
  private static Path file;
  private static Path undisturbed;

  @TempDir Path temp;

  @BeforeAll
  static void compareUndisturbed() throws Exception {
    file = common.resolve("compare.conf");
    Files.writeString(file, "include file(\"" + SmallRun.CONFIG.toAbsolutePath() + "\")\n" + ARMS);
    undisturbed = common.resolve("undisturbed");
    compare(undisturbed, 2, Progress.silent());
  }

  @Test
  void whatCameOutStandsInItsFolder() {
    assertThat(undisturbed.resolve("compare.json")).content().contains("\"minusBaseline\"");
    assertThat(undisturbed.resolve("compare.md")).content().contains("| rto | ");
    assertThat(undisturbed.resolve("compare.html")).exists();
    assertThat(undisturbed.resolve("gold-against-kl.svg")).exists();
    assertThat(outcomes(undisturbed)).hasSize(RUNS);
  }

  @Test
  void aComparisonThatBrokeOffGoesOnAndEndsAsIfUndisturbed() throws Exception {
    Path folder = temp.resolve("broken");
    for (int runs : List.of(2, 5, 11)) {
      assertThatThrownBy(() -> compare(folder, 1, new BreakingOff(runs)))
          .isInstanceOf(BrokenOff.class);
      assertThat(folder.resolve("compare.json")).doesNotExist();
    }

    compare(folder, 1, Progress.silent());

    assertThat(outcomes(folder)).isEqualTo(outcomes(undisturbed));
    assertThat(withoutSeconds(folder.resolve("compare.json")))
        .isEqualTo(withoutSeconds(undisturbed.resolve("compare.json")))
        .contains("\"chosen\" : true");
  }

  @Test
  void anArmIsTheRunThatTrainMakesWithItsSettings() throws Exception {
    RunSettings settings =
        Settings.loadBeside(
            "compare",
            file,
            small("seed=1", "rto.token-reward=ppo", chosen("ppo")),
            RunSettings.class);
    RunFolder run = new RunFolder(temp.resolve("run"));
    copy(new ComparisonFolder(undisturbed).shared(1).root(), run.root());
    try (ComputePool pool = new ComputePool("cluster", 2);
        MetricsLog metrics = MetricsLog.open(run.metrics())) {
      String digest = new PolicyStage(settings, run, pool, Progress.silent(), metrics).run();

      assertThat(undisturbed.resolve("runs/seed-1/ppo/outcome.json"))
          .content()
          .contains("\"digest\":\"" + digest + "\"");
    }
  }

  @Test
  void aFinishedComparisonTellsItsTableAgainAndMakesNothing() throws Exception {
    Path outcome = undisturbed.resolve("runs/seed-2/rto/outcome.json");
    var before = Files.getLastModifiedTime(outcome);

    assertThat(compare(undisturbed, 1, Progress.silent()))
        .contains(
            "arm", "gold reward", "minus ppo", "data to reach ppo", "rto ", "2 seeds, 96 rollouts");
    assertThat(Files.getLastModifiedTime(outcome)).isEqualTo(before);
  }

  @Test
  void aFolderOfAnotherComparisonIsRefused() {
    assertThatThrownBy(() -> compare(undisturbed, 1, Progress.silent(), "rto.gamma=0.9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds a comparison with other settings: \"gamma\" : 1.0 there");
  }

  @Test
  void aCandidateThatIsWrittenOtherwiseIsTheSame() throws Exception {
    Path folder = temp.resolve("same");
    Path rewritten = temp.resolve("rewritten.conf");
    copy(undisturbed, folder);
    Files.writeString(rewritten, Files.readString(file).replace("1e-3", "0.001"));

    SmallComparison.compare(rewritten, folder, 1, Progress.silent());

    assertThat(withoutSeconds(folder.resolve("compare.json")).replace("=0.001", "=1e-3"))
        .isEqualTo(withoutSeconds(undisturbed.resolve("compare.json")));
  }

  @Test
  void theTimeIsThatOfEveryRun() throws Exception {
    double sum = 0;
    for (String outcome : outcomes(undisturbed).keySet()) {
      sum += seconds(undisturbed.resolve(outcome));
    }

    assertThat(seconds(undisturbed.resolve("compare.json"))).isCloseTo(sum, within(1e-6));
    assertThat(compare(undisturbed, 1, Progress.silent()))
        .contains("summed over runs that shared the cores");
  }

  private static double seconds(Path json) throws IOException {
    return new ObjectMapper().readTree(json.toFile()).at("/seconds").doubleValue();
  }

  @Test
  void whatWasMadeBeforeStaysOnThePagesWhenLessIsAskedFor() throws Exception {
    Path folder = temp.resolve("less");
    copy(undisturbed, folder);

    SmallComparison.compareOne(file, folder, "rto");

    assertThat(withoutSeconds(folder.resolve("compare.json")))
        .isEqualTo(withoutSeconds(undisturbed.resolve("compare.json")));
  }

  @Test
  void anArmAloneIsToldWithoutABaseline() throws Exception {
    Path folder = temp.resolve("alone");
    copy(undisturbed, folder);
    for (String run : List.of("seed-1/sft", "seed-1/ppo", "seed-2/ppo", "seed-2/rto")) {
      Files.delete(folder.resolve("runs/" + run + "/outcome.json"));
    }
    Files.delete(folder.resolve("tuning/seed-101/ipo-2/outcome.json"));

    SmallComparison.compareOne(file, folder, "rto");

    assertThat(folder.resolve("compare.md"))
        .content()
        .contains("| arm | gold reward | wins | KL/response | length |")
        .contains("| sft, 1 of 2 seeds | ", "| rto, 1 of 2 seeds | ", "Not every arm was run")
        .doesNotContain("inus ppo", "reach ppo", "| ppo", "| ipo");
    assertThat(folder.resolve("compare.html")).content().doesNotContain("inus ppo", "reach ppo");
  }

  private static String chosen(String arm) throws IOException {
    return Files.readString(undisturbed.resolve("runs/seed-1/" + arm + "/outcome.json"))
            .contains("policy-learning-rate=1e-3")
        ? "rto.policy-learning-rate=1e-3"
        : "rto.gamma=1";
  }

  private static String compare(Path folder, int parallel, Progress progress, String... more)
      throws Exception {
    return SmallComparison.compare(file, folder, parallel, progress, more);
  }

  private static final class BrokenOff extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Fails when so many runs are done, those of earlier parts included. */
  private record BreakingOff(int runs) implements Progress {
    @Override
    public Stage begin(String stage, String unit, long total) {
      assertThat(total).isEqualTo(RUNS);
      return new Stage() {
        @Override
        public void step(long done, Map<String, Double> numbers) {
          if (done == runs) {
            throw new BrokenOff();
          }
        }

        @Override
        public void close() {}
      };
    }
  }
}
