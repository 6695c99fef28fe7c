package rto.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static rto.tensor.ComputeDevice.CPU;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import rto.bench.Clock;
import rto.data.world.MicroWorld;
import rto.lm.ComputeType;
import rto.protocol.Sampling;
import rto.tensor.ComputeDevice;

/** What takes a model that is there. */
class ModelCommandsTest extends CommandLineFixture {

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
  void greedyGoesOverTheTemperature() {
    rto("generate", "--model", folder.toString(), "--prompt", "x", "--greedy");
    assertThat(((Operations.Generate) operations.asked).sampling()).isEqualTo(Sampling.greedy(128));
  }

  @Test
  void thePromptOfGeneratesExampleIsOneOfTheQuickstartsWorld() {
    rto("generate", "--help");
    String help = out.toString().replaceAll("\\s+", " ");
    String prompt = help.replaceAll(".*--prompt \"(.*)\".*", "$1");
    assertThat(MicroWorld.generate(1).heldOutPrompts(512)).contains(prompt);
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
}
