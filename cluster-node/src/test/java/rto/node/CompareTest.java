package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.cli.Operations.Compare;
import rto.node.compare.ComparisonFolder;
import rto.node.settings.ConfigMistakes;
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

    compare(rewritten, folder, 1, Progress.silent());

    assertThat(withoutSeconds(folder.resolve("compare.json")).replace("=0.001", "=1e-3"))
        .isEqualTo(withoutSeconds(undisturbed.resolve("compare.json")));
  }

  @Test
  void aRunThatDivergesIsToldAndTheOthersGoOn() throws Exception {
    Path folder = temp.resolve("diverged");
    Path wild = temp.resolve("wild.conf");
    Files.writeString(
        wild,
        """
        include file("%s")
        compare {
          seeds = 1
          curve { every = 1, prompts = 16 }
          arms = [
            { name = wild, trains = policy, set = ["rto.policy-learning-rate=1e30"], tune = [] }
            { name = ppo, trains = policy, set = ["rto.token-reward=ppo"], tune = [] }
          ]
        }
        """
            .formatted(SmallRun.CONFIG.toAbsolutePath()));

    compare(wild, folder, 1, Progress.silent());
    compare(wild, folder, 1, Progress.silent());

    assertThat(folder.resolve("compare.md"))
        .content()
        .contains("| wild, diverged (1 of 1 seeds) |");
    assertThat(folder.resolve("runs/seed-1/wild/outcome.json"))
        .content()
        .contains("(expected: ", "\"gold\":\"NaN\"");
    assertThat(folder.resolve("runs/seed-1/ppo/outcome.json")).content().contains("\"digest\":\"");
  }

  @Test
  void anArmThatCannotRunInItsWorldIsNamedBeforeAnythingIsMade() throws Exception {
    Path folder = temp.resolve("none");
    Path wrong = temp.resolve("wrong.conf");
    Files.writeString(
        wrong,
        """
        include file("%s")
        compare.curve.prompts = 16
        compare.arms = [
          { name = ppo, trains = policy, set = ["rto.token-reward=ppo"], tune = [] }
          { name = semi, trains = policy, tune = []
            set = ["rto.token-reward=semi-rto", "rto.reward.delimiters={type=tokens,tokens=[zzz]}"] }
        ]
        """
            .formatted(SmallRun.CONFIG.toAbsolutePath()));

    assertThatThrownBy(() -> compare(wrong, folder, 1, Progress.silent()))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageStartingWith("compare.arms: semi: rto.reward.delimiters.tokens: ");
    assertThat(folder).doesNotExist();
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

    compareLess(folder);

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

    compareLess(folder);

    assertThat(folder.resolve("compare.md"))
        .content()
        .contains("| arm | gold reward | wins | KL/response | length |")
        .contains("| sft, 1 of 2 seeds | ", "| rto, 1 of 2 seeds | ", "Not every arm was run")
        .doesNotContain("inus ppo", "reach ppo", "| ppo", "| ipo");
    assertThat(folder.resolve("compare.html")).content().doesNotContain("inus ppo", "reach ppo");
  }

  @Test
  void anArmWhoseOutcomeWasDeletedIsTrainedWithItsSettingsOfNow() throws Exception {
    Path folder = temp.resolve("edited");
    Path edited = temp.resolve("edited.conf");
    String one = "{ name = dpo, trains = preference, tune = [], set = [\"dpo.learning-rate=%s\"] }";
    String comparison =
        """
        include file("%s")
        compare { seeds = 1, baseline = dpo, curve { every = 1, prompts = 16 }, arms = [ %s ] }
        """;
    Path config = SmallRun.CONFIG.toAbsolutePath();
    Files.writeString(edited, comparison.formatted(config, one.formatted("1e-3")));
    compare(edited, folder, 2, Progress.silent());
    Path model = folder.resolve("runs/seed-1/dpo/model/SHA256SUMS");
    String before = Files.readString(model);

    Files.writeString(edited, comparison.formatted(config, one.formatted("1e-2")));
    assertThatThrownBy(() -> compare(edited, folder, 2, Progress.silent()))
        .hasMessageContaining("made with other settings");
    Files.delete(folder.resolve("runs/seed-1/dpo/outcome.json"));
    compare(edited, folder, 2, Progress.silent());

    assertThat(model).content().isNotEqualTo(before);
  }

  private static String chosen(String arm) throws IOException {
    return Files.readString(undisturbed.resolve("runs/seed-1/" + arm + "/outcome.json"))
            .contains("policy-learning-rate=1e-3")
        ? "rto.policy-learning-rate=1e-3"
        : "rto.gamma=1";
  }

  private static String compare(Path folder, int parallel, Progress progress, String... more)
      throws Exception {
    return compare(file, folder, parallel, progress, more);
  }

  /** Of the arm rto in one seed. */
  private static void compareLess(Path folder) throws Exception {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new Program(out, Progress.silent())
        .compare(new Compare(file, folder, List.of("rto"), OptionalInt.of(1), 1, small()));
  }

  private static String compare(
      Path file, Path folder, int parallel, Progress progress, String... more) throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    new Program(out, progress)
        .compare(new Compare(file, folder, List.of(), OptionalInt.empty(), parallel, small(more)));
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static List<String> small(String... more) {
    Stream<String> few =
        Stream.of(
            "data.corpus=600",
            "data.held-out=48",
            "preferences.pairs=100",
            "rto.iterations=3",
            "rto.prompts-per-iteration=16");
    return SmallRun.overrides(Stream.concat(few, Stream.of(more)).toArray(String[]::new));
  }

  /** Every outcome by its place, without the time that it took. */
  private static Map<String, String> outcomes(Path folder) {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(p -> p.endsWith("outcome.json")).toList()) {
        found.put(folder.relativize(path).toString(), withoutSeconds(path));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutSeconds(Path json) throws IOException {
    return Files.readString(json)
        .replaceAll("\"seconds\" ?: ?[0-9.E-]+", "")
        .replaceAll("\"title\".*", "");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
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
