package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Differentiator;
import rto.lm.Differentiator.Read;
import rto.lm.Head;
import rto.lm.Keeping;
import rto.lm.Kernels;
import rto.lm.Passes;
import rto.lm.Rope;
import rto.lm.Sequence;
import rto.lm.TextGenerator;
import rto.lm.Traits;
import rto.protocol.Sampling;
import rto.tensor.Torch;

/**
 * Small random models of each family against what Hugging Face transformers says about them;
 * src/test/fixtures/make_families.py made both.
 */
class FamiliesTest {

  /** Absolute; the largest logits are near 7, the largest gradients near 20. */
  private static final double CLOSE = 1e-4;

  private static final String SUM =
      """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            return [torch.mul(torch.sum(output), columns[0])]
      """;

  private static final List<Passes> PASSES =
      List.of(
          new Passes(Kernels.PLAIN, Keeping.EVERYTHING),
          new Passes(Kernels.ROWS, Keeping.EVERYTHING));

  @TempDir Path scratch;

  static List<Path> all() throws IOException, URISyntaxException {
    Path families = Path.of(FamiliesTest.class.getResource("/families").toURI());
    try (Stream<Path> folders = Files.list(families)) {
      List<Path> found = folders.sorted().toList();
      assertThat(found).hasSize(13);
      return found;
    }
  }

  static List<Path> language() throws IOException, URISyntaxException {
    return all().stream().filter(folder -> !folder.endsWith("qwen3-score")).toList();
  }

  @ParameterizedTest
  @MethodSource("language")
  void logitsAreThoseOfTransformers(Path folder) throws IOException {
    try (Decoder model = HfCheckpoint.load(folder)) {
      List<Sequence> sequences = sequences(expected(folder));
      for (int i = 0; i < sequences.size(); i++) {
        float[] logits = flat(model.logits(joined(sequences.get(i))));
        assertClose(logits, tensor(folder, "logits." + i), "logits");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("language")
  void logProbsAreThoseOfTransformersAloneAndInOnePaddedBatch(Path folder) throws IOException {
    try (Decoder model = HfCheckpoint.load(folder)) {
      JsonNode expected = expected(folder);
      for (Decoder way : ways(model)) {
        for (int microBatch : new int[] {1, 2}) {
          List<float[]> actual = way.logProbs(sequences(expected), 1, microBatch);
          for (int i = 0; i < actual.size(); i++) {
            assertClose(actual.get(i), floats(expected.get("log_probs").get(i)), "log-probs");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("language")
  void greedyContinuationByFullForwardAndByCacheIsThatOfTransformers(Path folder)
      throws IOException {
    try (Decoder model = HfCheckpoint.load(folder)) {
      JsonNode expected = expected(folder);
      List<int[]> prompts = sequences(expected).stream().map(Sequence::prompt).toList();
      int length = expected.get("greedy").get(0).size();
      for (int batch : new int[] {1, 2}) {
        List<TextGenerator.Response> responses =
            generate(model, batch, prompts, Sampling.greedy(length), (r, h) -> 0);
        for (int i = 0; i < prompts.size(); i++) {
          int[] tokens = ints(expected.get("greedy").get(i));
          assertThat(responses.get(i).tokens()).containsExactly(tokens);
          assertThat(continued(model, prompts.get(i), length)).containsExactly(tokens);
        }
      }
    }
  }

  private static List<TextGenerator.Response> generate(
      Decoder model,
      int batch,
      List<int[]> prompts,
      Sampling sampling,
      TextGenerator.Uniforms uniforms) {
    try (TextGenerator generator = new TextGenerator(model, batch)) {
      return generator.generate(prompts, sampling, -1, uniforms);
    }
  }

  @ParameterizedTest
  @MethodSource("language")
  void samplingAndScoringAgreeOnWhatWasSampled(Path folder) throws IOException {
    try (Decoder model = HfCheckpoint.load(folder)) {
      List<int[]> prompts = sequences(expected(folder)).stream().map(Sequence::prompt).toList();
      Sampling sampling = Sampling.plain(20);
      List<TextGenerator.Response> responses =
          generate(model, 2, prompts, sampling, (r, h) -> (0.37 * (h + 1) + 0.11 * r) % 1);
      List<Sequence> sampled =
          IntStream.range(0, prompts.size())
              .mapToObj(i -> new Sequence(prompts.get(i), responses.get(i).tokens()))
              .toList();
      List<float[]> scored = model.logProbs(sampled, 1, 2);
      for (int i = 0; i < scored.size(); i++) {
        assertClose(responses.get(i).logProbs(), scored.get(i), "sampled log-probs");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradientsOfAllParametersAreThoseOfTransformers(Path folder) throws IOException {
    try (Decoder model = HfCheckpoint.load(folder);
        NDManager scope = Torch.newScope()) {
      boolean score = model.config().head() instanceof Head.Scalar;
      JsonNode expected = expected(folder);
      for (Passes passes : PASSES) {
        NDList out =
            new Differentiator(
                    model.config(), passes, score ? Read.LAST_TOKEN : Read.EVERY_TOKEN, SUM)
                .gradients(
                    scope,
                    model,
                    sequences(expected),
                    1,
                    new NDList(scope.create(score ? 1f : -1f)));
        assertClose(
            out.get(0).toFloatArray(), new float[] {expected.get("loss").floatValue()}, "loss");
        List<String> names = model.weights().names();
        for (int i = 0; i < names.size(); i++) {
          float[] gradient = tensor(folder, "gradient." + names.get(i));
          assertClose(out.get(1 + i).toFloatArray(), gradient, passes + " " + names.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void scoresAreThoseOfTransformers(Path folder) throws IOException {
    JsonNode expected = expected(folder);
    if (expected.has("scores")) {
      try (Decoder model = HfCheckpoint.load(folder)) {
        float[] scores = floats(expected.get("scores"));
        for (Decoder way : ways(model)) {
          assertClose(way.scores(sequences(expected), 2), scores, "scores");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void savedAndLoadedItIsTheSameModel(Path folder) throws IOException {
    try (Decoder model = HfCheckpoint.load(folder)) {
      HfCheckpoint.save(model, scratch);
      try (Decoder again = HfCheckpoint.load(scratch)) {
        assertThat(again.config()).isEqualTo(model.config());
        for (String name : model.weights().names()) {
          assertThat(again.weights().get(name).toFloatArray())
              .containsExactly(model.weights().get(name).toFloatArray());
        }
      }
      JsonNode before = new ObjectMapper().readTree(folder.resolve("config.json").toFile());
      JsonNode after = new ObjectMapper().readTree(scratch.resolve("config.json").toFile());
      for (String key : List.of("architectures", "model_type", "tie_word_embeddings")) {
        assertThat(after.get(key)).isEqualTo(before.get(key));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("language")
  void withoutItsScalingAndItsWindowItWouldSaySomethingElse(Path folder) throws IOException {
    try (Decoder model = HfCheckpoint.load(folder)) {
      DecoderConfig c = model.config();
      Traits t = c.traits();
      Traits open =
          new Traits(
              t.family(), t.attentionBias(), t.mlpBias(), t.queryKeyNorms(), OptionalInt.empty());
      DecoderConfig plain = with(c, Rope.plain(c.rope().theta()), open);
      int[] tokens = joined(sequences(expected(folder)).get(0));
      try (Decoder other = new Decoder(plain, model.weights().copy())) {
        double difference =
            largestDifference(flat(model.logits(tokens)), flat(other.logits(tokens)));
        if (plain.equals(c)) {
          assertThat(difference).isZero();
        } else {
          assertThat(difference).isGreaterThan(0.1);
        }
      }
    }
  }

  /** The same weights, computed in each of the ways; closed with the model. */
  private static List<Decoder> ways(Decoder model) {
    return PASSES.stream()
        .map(passes -> new Decoder(model.config(), model.weights(), passes))
        .toList();
  }

  private static DecoderConfig with(DecoderConfig c, Rope rope, Traits traits) {
    return new DecoderConfig(
        c.vocabSize(),
        c.hiddenSize(),
        c.feedForwardSize(),
        c.layers(),
        c.queryHeads(),
        c.kvHeads(),
        c.headSize(),
        c.normEps(),
        rope,
        c.maxPositions(),
        c.bosToken(),
        c.eosTokens(),
        traits,
        c.head());
  }

  private static int[] continued(Decoder model, int[] prompt, int length) {
    int[] tokens = prompt;
    for (int i = 0; i < length; i++) {
      float[][] rows = model.logits(tokens);
      float[] last = rows[rows.length - 1];
      int best = 0;
      for (int v = 1; v < last.length; v++) {
        best = last[v] > last[best] ? v : best;
      }
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = best;
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }

  private static void assertClose(float[] actual, float[] expected, String what) {
    assertThat(actual).as(what).hasSize(expected.length);
    assertThat(largestDifference(actual, expected)).as(what).isLessThan(CLOSE);
  }

  private static double largestDifference(float[] one, float[] other) {
    double largest = 0;
    for (int i = 0; i < one.length; i++) {
      assertThat(one[i]).isFinite();
      largest = Math.max(largest, Math.abs((double) one[i] - other[i]));
    }
    return largest;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int t = 0; t < rows.length; t++) {
      System.arraycopy(rows[t], 0, flat, t * rows[t].length, rows[t].length);
    }
    return flat;
  }

  private static JsonNode expected(Path folder) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
  }

  private static List<Sequence> sequences(JsonNode expected) {
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < expected.get("prompts").size(); i++) {
      sequences.add(
          new Sequence(
              ints(expected.get("prompts").get(i)), ints(expected.get("responses").get(i))));
    }
    return sequences;
  }

  private static float[] tensor(Path folder, String name) throws IOException {
    Map<String, Safetensors.Tensor> tensors =
        Safetensors.read(folder.resolve("expected.safetensors")).tensors();
    FloatBuffer values = tensors.get(name).all().asFloatBuffer();
    float[] array = new float[values.remaining()];
    values.get(array);
    return array;
  }

  private static int[] joined(Sequence s) {
    int[] all = Arrays.copyOf(s.prompt(), s.length());
    System.arraycopy(s.response(), 0, all, s.prompt().length, s.response().length);
    return all;
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }
}
