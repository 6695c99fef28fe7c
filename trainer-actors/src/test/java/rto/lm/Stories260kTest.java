package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.protocol.Sampling;

/**
 * A real pretrained checkpoint against golden values from an independent float64 implementation.
 */
class Stories260kTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("rto.stories260k", "../../shared/models/stories260k"));

  private static Decoder model;
  private static Tokenizer tokenizer;
  private static JsonNode golden;

  @BeforeAll
  static void load() throws IOException {
    assumeTrue(
        Files.isDirectory(FOLDER),
        "skipped: no checkpoint in " + FOLDER + " (set -Drto.stories260k=FOLDER)");
    model = HfCheckpoint.load(FOLDER);
    tokenizer = Tokenizer.load(FOLDER, model.config());
    golden = new ObjectMapper().readTree(FOLDER.resolve("golden.json").toFile());
    assertThat(golden).isNotEmpty();
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
      tokenizer.close();
    }
  }

  @Test
  void tokenIdsAreEqual() {
    for (JsonNode example : golden) {
      assertThat(tokenizer.encode(example.get("text").asText()))
          .containsExactly(ints(example.get("ids")));
    }
  }

  @Test
  void logProbsAreWithinOneTenThousandth() {
    for (JsonNode example : golden) {
      int[] ids = ints(example.get("ids"));
      Sequence sequence =
          new Sequence(Arrays.copyOf(ids, 1), Arrays.copyOfRange(ids, 1, ids.length));
      float[] logProbs = model.logProbs(List.of(sequence), 1, 1).get(0);
      assertClose(logProbs, example.get("token_logprobs"), 1e-4);
    }
  }

  @Test
  void lastLogitsAreWithinOneThousandth() {
    for (JsonNode example : golden) {
      float[][] logits = model.logits(ints(example.get("ids")));
      assertClose(logits[logits.length - 1], example.get("last_logits"), 1e-3);
    }
  }

  @Test
  void greedyContinuationByFullForwardIsIdentical() {
    for (JsonNode example : golden) {
      int[] expected = ints(example.get("greedy_24"));
      List<Integer> tokens = new ArrayList<>();
      Arrays.stream(ints(example.get("ids"))).forEach(tokens::add);
      int[] continuation = new int[expected.length];
      for (int i = 0; i < continuation.length; i++) {
        float[][] logits = model.logits(tokens.stream().mapToInt(t -> t).toArray());
        continuation[i] = argmax(logits[logits.length - 1]);
        tokens.add(continuation[i]);
      }
      assertThat(continuation).containsExactly(expected);
    }
  }

  @Test
  void greedyContinuationByCacheIsIdenticalInOneBatchOfDifferentLengths() {
    List<int[]> prompts = new ArrayList<>();
    golden.forEach(example -> prompts.add(ints(example.get("ids"))));
    int noEnd = -1;
    List<TextGenerator.Response> responses;
    try (TextGenerator generator = new TextGenerator(model, 64)) {
      responses = generator.generate(prompts, Sampling.greedy(24), noEnd, (r, h) -> 0);
    }
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(responses.get(i).tokens()).containsExactly(ints(golden.get(i).get("greedy_24")));
      String text = golden.get(i).get("text").asText();
      String response = tokenizer.decodeResponse(prompts.get(i), responses.get(i).tokens());
      // The golden text keeps the decoder's first space and spells the byte token of a line break.
      String expected = golden.get(i).get("greedy_text").asText().strip().replace("<0x0A>", "\n");
      assertThat(text + response).isEqualTo(expected);
    }
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static void assertClose(float[] actual, JsonNode expected, double tolerance) {
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected.get(i).asDouble(), within(tolerance));
    }
  }
}
