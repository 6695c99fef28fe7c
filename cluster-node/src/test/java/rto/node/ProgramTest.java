package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static rto.tensor.ComputeDevice.CPU;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.data.world.WordTokenizerFiles;
import rto.lm.Adapter;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.PeftCheckpoint;
import rto.lm.lora.LoraConfig;
import rto.metrics.Progress;
import rto.node.cli.Operations.Evaluate;
import rto.node.cli.Operations.Generate;
import rto.node.cli.Operations.Merge;
import rto.protocol.Sampling;
import rto.tensor.ComputeDevice;

class ProgramTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Program program =
      new Program(new PrintStream(printed, true, StandardCharsets.UTF_8), Progress.silent());

  @Test
  void greedyAnswersCanBeEvaluated() throws Exception {
    Path prompts = folder.resolve("prompts.jsonl");
    Files.writeString(prompts, "{\"prompt\": \"good\"}\n{\"prompt\": \"a good\"}\n");
    Path out = folder.resolve("answers.jsonl");
    Path model = model(new Head.Language(true));

    program.evaluate(
        new Evaluate(
            model, prompts, "sentiment", Sampling.greedy(4), 1, Optional.of(out), false, CPU));

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("(95 % interval, 2 prompts)", "length ");
    assertThat(Files.readAllLines(out)).hasSize(2);
  }

  @Test
  void aRewardModelGeneratesNothingAndSaysSo() throws IOException {
    Path model = model(Head.Scalar.raw());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> program.generate(new Generate(model, "good", Sampling.plain(4), 1, false, CPU)))
        .withMessageStartingWith("model: a reward model or critic")
        .withMessageEndingWith("(expected: a language model)");
    assertThat(printed.size()).isZero();
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() throws IOException {
    Path model = model(new Head.Language(true));
    Generate onNone =
        new Generate(model, "x", Sampling.plain(4), 1, false, new ComputeDevice("gpu:999"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> program.generate(onNone))
        .withMessageStartingWith("device: gpu:999 (expected: one of [cpu");
  }

  @Test
  void aMergedAdapterIsAModelOfItsOwn() throws Exception {
    Path model = model(new Head.Language(true));
    Path adapter = Files.createDirectory(folder.resolve("adapter"));
    LoraConfig lora = new LoraConfig(2, 2, List.of("o_proj"));
    try (Decoder base = HfCheckpoint.load(model);
        Decoder over = base.adapted(base.config(), Adapter.fresh(base.config(), lora, 1))) {
      PeftCheckpoint.save(over, adapter, model);
    }

    program.merge(new Merge(adapter, Optional.empty(), folder.resolve("merged")));

    // B is 0: the sum is the base.
    assertThat(folder.resolve("merged/model.safetensors"))
        .hasSameBinaryContentAs(model.resolve("model.safetensors"));
    program.generate(
        new Generate(folder.resolve("merged"), "good", Sampling.plain(4), 1, false, CPU));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> program.merge(new Merge(model, Optional.empty(), folder.resolve("other"))))
        .withMessage(model + ": no adapter (expected: a folder with adapter_config.json)");
  }

  private Path model(Head head) throws IOException {
    Path model = folder.resolve("model");
    WordTokenizerFiles.write(model, List.of("a", "good", "bad"));
    DecoderConfig config = new DecoderConfig(6, 8, 8, 1, 2, 2, 4, 1e-5, 10_000, 16, 1, 2, head);
    try (Decoder decoder = new Decoder(config, Weights.random(config, 1))) {
      HfCheckpoint.save(decoder, model);
    }
    return model;
  }
}
