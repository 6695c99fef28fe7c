package rto.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static rto.tensor.ComputeDevice.CPU;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.bench.Clock;
import rto.data.world.MicroWorld;
import rto.lm.ComputeType;
import rto.protocol.Sampling;
import rto.tensor.ComputeDevice;

class RtoCommandTest {

  @TempDir Path folder;
  private Path file;
  private final RecordedOperations operations = new RecordedOperations();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.createFile(folder.resolve("small.conf"));
  }

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
  void trainTakesAFileAndSettingsAndNamesItsFolderAfterTheFile() {
    assertThat(rto("train", file.toString(), "a.b=1", "c=[1, 2]")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Train(file, Path.of("runs/small"), List.of("a.b=1", "c=[1, 2]")));
  }

  @Test
  void localTakesTheNumberOfProcessesOfEachRole() {
    assertThat(rto("local", "--learners=2", "--rollouts", "3", file.toString(), "a.b=1")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Local(file, Path.of("runs/small"), 2, 3, 1, 1, 1, List.of("a.b=1")));
    assertThat(rto("local", "--rollouts=0", file.toString())).isEqualTo(2);
  }

  @Test
  void whatIsTypedForANodeBecomesItsSettings() {
    assertThat(rto("node", "--roles", "rollout,dpo", "--join=a:1", "--port=0", "host=b")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Node(
                Optional.empty(),
                List.of("roles=[\"rollout\", \"dpo\"]", "join=[\"a:1\"]", "port=0", "host=b"),
                false));
  }

  @Test
  void submittedRunIsNamedAfterItsFileAndMustBeAFoldersName() {
    assertThat(rto("submit", file.toString(), "--join", "a:1,b:2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Submit(file, "small", cluster("a:1", "b:2"), false, List.of()));
    assertThat(rto("submit", file.toString(), "--out", "../other")).isEqualTo(2);
    assertThat(err.toString()).contains("out: ../other");
  }

  @Test
  void clusterIsAskedWhereNodesListenByDefault() {
    assertThat(rto("status")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Control(
                Operations.Action.STATUS, cluster("127.0.0.1:25520"), Optional.empty()));
    assertThat(rto("drain", "a:1", "--join", "b:2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Control(Operations.Action.DRAIN, cluster("b:2"), Optional.of("a:1")));
  }

  @Test
  void clusterThatSpeaksTlsIsShownThreeFiles() {
    assertThat(rto("status", "--tls", "c.pem,k.pem,ca.pem")).isZero();
    assertThat(((Operations.Control) operations.asked).cluster().tls())
        .containsExactly("tls.certificate=c.pem", "tls.key=k.pem", "tls.ca=ca.pem");
    assertThat(rto("status", "--tls", "c.pem")).isEqualTo(2);
    assertThat(err.toString()).contains("tls: c.pem (expected: CERTIFICATE,KEY,CA)");
  }

  private static Operations.Cluster cluster(String... nodes) {
    return new Operations.Cluster(List.of(nodes), List.of());
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
  void mergeTakesAnAdapterAndWritesWhereNothingIs() {
    String there = folder.toString();
    Path out = folder.resolve("merged");
    assertThat(rto("merge", "--adapter", there, "--out", out.toString())).isZero();
    assertThat(operations.asked).isEqualTo(new Operations.Merge(folder, Optional.empty(), out));
    assertThat(rto("merge", "--adapter", there, "--model", there, "--out=" + out)).isZero();
    assertThat(operations.asked).isEqualTo(new Operations.Merge(folder, Optional.of(folder), out));
    assertThat(rto("merge", "--adapter", there, "--out", there)).isEqualTo(2);
    assertThat(err.toString()).contains("(expected: a folder that is not there yet)");
  }

  @Test
  void generateTakesTheWholeDistribution() {
    assertThat(
            rto(
                "generate",
                "--model",
                folder.toString(),
                "--prompt",
                "Once upon a time",
                "--temperature",
                "0.7",
                "--top-k",
                "50",
                "--top-p",
                "0.9",
                "--seed",
                "3",
                "--max-new-tokens",
                "24"))
        .isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Generate(
                folder,
                "Once upon a time",
                new Sampling(0.7, OptionalInt.of(50), OptionalDouble.of(0.9), 24),
                3,
                false,
                CPU));
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

  @Test
  void benchTakesShapesAndThreads() {
    assertThat(rto("bench", "--compute-threads", "3")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Bench(
                List.of("260K", "15M"),
                Optional.empty(),
                CPU,
                1,
                3,
                Clock.ELAPSED,
                ComputeType.FLOAT32,
                false,
                OptionalInt.empty()));
    String[] options = {
      "--out",
      "b.json",
      "--torch-threads",
      "1000000",
      "--repeats",
      "2",
      "--eager",
      "--device",
      "gpu:1"
    };
    assertThat(
            rto(
                with(
                    "bench",
                    options,
                    "--shape",
                    "15M",
                    "--shape",
                    "110M",
                    "--clock",
                    "processor",
                    "--compute-type",
                    "bfloat16")))
        .isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Bench(
                List.of("15M", "110M"),
                Optional.of(Path.of("b.json")),
                new ComputeDevice("gpu:1"),
                1_000_000,
                1,
                Clock.PROCESSOR,
                ComputeType.BFLOAT16,
                true,
                OptionalInt.of(2)));
    assertThat(rto("bench", "--endurance", "500", "--out", "e.json")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Endurance(500, Optional.of(Path.of("e.json"))));
    assertThat(rto("bench", "--endurance", "500", "--shape", "15M")).isEqualTo(2);
    assertThat(err.toString()).contains("--shape: not with --endurance");
    assertThat(rto("bench", "--repeats", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("repeats: 0 (expected: > 0)");
  }

  @Test
  void whatComputesIsNamedAsInASetting() {
    String[] on = {"--model", folder.toString(), "--prompt", "x", "--device"};
    assertThat(rto(with("generate", on, "gpu:1"))).isZero();
    assertThat(((Operations.Generate) operations.asked).device().name()).isEqualTo("gpu:1");
    assertThat(rto(with("generate", on, "cuda"))).isEqualTo(2);
    assertThat(err.toString()).contains("device: cuda (expected: cpu, or gpu: and a number)");
  }

  @Test
  void greedyGoesOverTheTemperature() {
    rto("generate", "--model", folder.toString(), "--prompt", "x", "--greedy");
    assertThat(((Operations.Generate) operations.asked).sampling()).isEqualTo(Sampling.greedy(128));
  }

  @Test
  void evaluateAndPreferencesAreJudgedByAGoldReward() {
    String[] judged = {
      "--model", folder.toString(), "--prompts", file.toString(), "--reward", "sentiment"
    };
    assertThat(rto(with("evaluate", judged))).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Evaluate(
                folder, file, "sentiment", Sampling.plain(128), 1, Optional.empty(), false, CPU));

    assertThat(rto(with("preferences", judged, "--out", "pairs.jsonl"))).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Preferences(
                folder,
                file,
                "sentiment",
                Sampling.plain(128),
                1,
                Path.of("pairs.jsonl"),
                0.1,
                1,
                CPU));

    assertThat(rto(with("preferences", judged, "--out", "pairs.jsonl", "--greedy"))).isEqualTo(2);
    assertThat(err.toString()).contains("temperature: 0 (expected: > 0");
  }

  @Test
  void mistakesInWhatIsAskedOfAJudgeAreToldBeforeAnythingRuns() {
    String model = folder.toString();
    for (String command : List.of("evaluate", "preferences")) {
      String[] judged = {"--model", model, "--prompts", file.toString(), "--reward", "sentimant"};
      String[] out = {"--out", "pairs.jsonl"};
      assertThat(rto(with(command, judged, out))).isEqualTo(2);
    }
    assertThat(err.toString()).contains("reward: sentimant (expected: ", "did you mean sentiment?");

    String[] judged = {"--model", model, "--prompts", file.toString(), "--reward", "sentiment"};
    for (String t : List.of("-1", "NaN", "Infinity")) {
      String[] more = {"--out", "pairs.jsonl", "--label-temperature", t};
      assertThat(rto(with("preferences", judged, more))).isEqualTo(2);
    }
    assertThat(err.toString()).contains("label-temperature: -1.0 (expected: >= 0)");
    assertThat(operations.asked).isNull();
  }

  @Test
  void quickstartsSeedIsAnOptionSinceItsFolderIsNamedAfterIt() {
    assertThat(rto("quickstart", "seed=5")).isEqualTo(2);
    assertThat(err.toString()).contains("override: seed=5", "use --seed");
    assertThat(operations.asked).isNull();
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
  void thePromptOfGeneratesExampleIsOneOfTheQuickstartsWorld() {
    rto("generate", "--help");
    String help = out.toString().replaceAll("\\s+", " ");
    String prompt = help.replaceAll(".*--prompt \"(.*)\".*", "$1");
    assertThat(MicroWorld.generate(1).heldOutPrompts(512)).contains(prompt);
  }

  @Test
  void resumeNeedsAFolderThatExists() {
    assertThat(rto("resume", folder.toString())).isZero();
    assertThat(rto("resume", "nowhere")).isEqualTo(2);
    assertThat(err.toString()).contains("run: nowhere (expected: an existing folder)");
  }

  @Test
  void aMisspelledCommandOrOptionIsAnsweredWithTheNearestOne() {
    assertThat(rto("quikstart")).isEqualTo(2);
    assertThat(err.toString()).contains("quickstart", "Try: rto --help");
    assertThat(rto("generate", "--modle", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("Try: rto generate --help");
    assertThat(operations.asked).isNull();
  }

  @Test
  void valuesOutOfRangeAreMistakesOfUse() {
    assertThat(
            rto("generate", "--model", folder.toString(), "--prompt", "x", "--temperature", "-1"))
        .isEqualTo(2);
    assertThat(rto("train", file.toString(), "learning-rate")).isEqualTo(2);
    assertThat(rto("train", "none.conf")).isEqualTo(2);
    assertThat(err.toString())
        .contains("temperature: -1.0 (expected: >= 0)")
        .contains("override: learning-rate (expected: key=value)")
        .contains("config: none.conf (expected: an existing file)");
  }

  @Test
  void aloneItPrintsItsHelpAndStatusTwo() {
    assertThat(rto()).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: rto", "quickstart");
  }

  @Test
  void helpListsEveryCommand() {
    assertThat(rto("--help")).isZero();
    assertThat(out.toString())
        .contains("quickstart", "train", "resume", "generate", "evaluate", "preferences", "theory")
        .contains("--version", "--debug", "Exit status:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "train",
        "resume",
        "generate",
        "evaluate",
        "preferences",
        "theory",
        "bench"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    assertThat(rto(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: rto " + command, "Example: rto " + command);
  }

  @Test
  void theVersionIsTold() {
    assertThat(rto("--version")).isZero();
    assertThat(out.toString()).startsWith("rto ");
  }

  private int rto(String... args) {
    return RtoCommand.create(operations)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static String[] with(String command, String[] options, String... more) {
    var all = new ArrayList<>(List.of(command));
    all.addAll(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
