package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.metrics.Progress;
import rto.node.cli.Operations.Evaluate;
import rto.node.cli.Operations.Generate;
import rto.protocol.Sampling;

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
        new Evaluate(model, prompts, "sentiment", Sampling.greedy(4), 1, Optional.of(out), false));

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("(95 % interval, 2 prompts)", "length ");
    assertThat(Files.readAllLines(out)).hasSize(2);
  }

  @Test
  void aRewardModelGeneratesNothingAndSaysSo() throws IOException {
    Path model = model(Head.Scalar.raw());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> program.generate(new Generate(model, "good", Sampling.plain(4), 1, false)))
        .withMessageStartingWith("model: a reward model or critic")
        .withMessageEndingWith("(expected: a language model)");
    assertThat(printed.size()).isZero();
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
