package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rto.lm.TextGenerator.Response;
import rto.protocol.Diverged;
import rto.protocol.Sampling;

/** Batches, ends and limits of generation; {@link SamplingTest} has the distribution. */
class TextGeneratorTest {

  private static final int NO_END = -1;
  private static final DecoderConfig CONFIG = Models.STORIES;
  private static final Sampling SIXTEEN = Sampling.plain(16);

  private static Decoder model;

  @BeforeAll
  static void create() {
    model = Models.random(CONFIG, 21);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void promptsOfDifferentLengthsGiveTheSameTokensTogetherAndAlone() {
    List<int[]> prompts = prompts(12);
    List<Response> together = generate(12, prompts, SIXTEEN, NO_END);
    for (int i = 0; i < prompts.size(); i++) {
      int request = i;
      Response alone =
          generate(
                  model,
                  1,
                  prompts.subList(i, i + 1),
                  SIXTEEN,
                  NO_END,
                  (r, h) -> uniform(request + r, h))
              .get(0);
      assertThat(together.get(i).tokens()).containsExactly(alone.tokens());
    }
  }

  @Test
  void neitherBatchSizeNorOrderNorRepetitionChangesTheTokens() {
    List<int[]> prompts = prompts(12);
    int end = commonToken(prompts);
    List<Response> responses = generate(12, prompts, SIXTEEN, end);
    assertSame(responses, generate(12, prompts, SIXTEEN, end), true);
    assertSame(responses, generate(5, prompts, SIXTEEN, end), false);

    int n = prompts.size();
    List<int[]> reversed = IntStream.range(0, n).mapToObj(i -> prompts.get(n - 1 - i)).toList();
    List<Response> backwards =
        generate(model, 7, reversed, SIXTEEN, end, (r, h) -> uniform(n - 1 - r, h));
    for (int i = 0; i < n; i++) {
      assertThat(backwards.get(n - 1 - i).tokens()).containsExactly(responses.get(i).tokens());
    }
  }

  @Test
  void theEndTokenEndsAResponseAndBelongsToIt() {
    List<int[]> prompts = prompts(12);
    int end = commonToken(prompts);
    List<Response> open = generate(12, prompts, SIXTEEN, NO_END);
    List<Response> ended = generate(12, prompts, SIXTEEN, end);
    assertThat(ended).extracting(Response::truncated).contains(true, false);
    for (int i = 0; i < prompts.size(); i++) {
      int[] all = open.get(i).tokens();
      int at = IntStream.range(0, all.length).filter(t -> all[t] == end).findFirst().orElse(-1);
      boolean truncated = at < 0;
      assertThat(ended.get(i).truncated()).isEqualTo(truncated);
      assertThat(ended.get(i).tokens())
          .containsExactly(truncated ? all : Arrays.copyOf(all, at + 1));
      assertThat(ended.get(i).logProbs()).hasSameSizeAs(ended.get(i).tokens());
    }
  }

  @Test
  void anEndTokenAtTheLimitIsNoTruncation() {
    List<int[]> prompts = prompts(1);
    int[] tokens = generate(1, prompts, SIXTEEN, NO_END).get(0).tokens();
    int end = tokens[0];
    Response one = generate(1, prompts, Sampling.plain(1), end).get(0);
    assertThat(one.tokens()).containsExactly(end);
    assertThat(one.truncated()).isFalse();
    assertThat(generate(1, prompts, Sampling.plain(1), NO_END).get(0).truncated()).isTrue();
  }

  @Test
  void finishedResponsesLeaveTheBatch() {
    // Of 19 tokens that a random model uses alike, some end token comes early and often.
    List<int[]> prompts =
        IntStream.range(0, 40).mapToObj(i -> Models.tokens(Models.TINY, 1 + i % 7, i)).toList();
    int end = 5;
    List<Integer> rows = new ArrayList<>();
    List<Response> responses;
    try (Decoder tiny = Models.random(Models.TINY, 22);
        TextGenerator generator = new TextGenerator(tiny, 40, rows::add)) {
      responses = generator.generate(prompts, Sampling.plain(40), end, TextGeneratorTest::uniform);
    }
    int longest = responses.stream().mapToInt(r -> r.tokens().length).max().orElseThrow();
    assertThat(rows).hasSize(longest);
    for (int h = 0; h < rows.size(); h++) {
      int position = h;
      long open = responses.stream().filter(r -> r.tokens().length > position).count();
      // Fewer than a quarter of the rows that go through the model are of finished responses.
      assertThat((double) rows.get(h)).isGreaterThanOrEqualTo(open).isLessThan(open / 0.75 + 1e-9);
    }
    int steps = responses.stream().mapToInt(r -> r.tokens().length).sum();
    assertThat(responses).extracting(Response::truncated).contains(false);
    assertThat(rows.stream().mapToInt(r -> r).sum()).isBetween(steps, steps * 5 / 4);
    assertThat(steps).isLessThan(40 * 40 * 3 / 4);
  }

  @Test
  void joinedMatricesSampleTheSameBitsAsSingleOnes() {
    List<int[]> prompts =
        IntStream.range(0, 7).mapToObj(i -> Models.tokens(Models.STORIES, 1 + i, i)).toList();
    for (int batch : new int[] {1, 7}) {
      try (Decoder owner = Models.random(Models.STORIES, 23);
          Decoder sharer = owner.sharing();
          TextGenerator joined = new TextGenerator(owner, batch);
          TextGenerator single = new TextGenerator(sharer, batch)) {
        assertSame(
            single.generate(prompts, Sampling.plain(40), 5, TextGeneratorTest::uniform),
            joined.generate(prompts, Sampling.plain(40), 5, TextGeneratorTest::uniform),
            true);
      }
    }
  }

  @Test
  void generationStopsWhenAllHaveEnded() {
    List<int[]> prompts = List.of(prompts(1).get(0));
    int end = generate(1, prompts, SIXTEEN, NO_END).get(0).tokens()[0];
    List<Integer> rows = new ArrayList<>();
    try (TextGenerator generator = new TextGenerator(model, 1, rows::add)) {
      generator.generate(prompts, SIXTEEN, end, TextGeneratorTest::uniform);
    }
    assertThat(rows).containsExactly(1);
  }

  @Test
  void noPromptsGiveNoResponses() {
    assertThat(generate(4, List.of(), SIXTEEN, NO_END)).isEmpty();
  }

  @Test
  void aPromptThatFillsTheModelToItsLastPositionIsAllowed() {
    List<int[]> prompts = List.of(Models.tokens(CONFIG, 128 - 16, 1), Models.tokens(CONFIG, 3, 2));
    assertThat(generate(2, prompts, SIXTEEN, NO_END)).allMatch(r -> r.tokens().length == 16);
  }

  @Test
  void unreadablePromptsAreRefusedBeforeAnythingIsGenerated() {
    List<Integer> rows = new ArrayList<>();
    TextGenerator generator = new TextGenerator(model, 1, rows::add);
    int[] good = Models.tokens(CONFIG, 3, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                generator.generate(
                    List.of(good, Models.tokens(CONFIG, 113, 1)),
                    SIXTEEN,
                    NO_END,
                    TextGeneratorTest::uniform))
        .withMessage(
            "prompt 1: 113 tokens (expected: in 1..112, max_position_embeddings less 16 new"
                + " tokens)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> generator.generate(List.of(good, new int[0]), SIXTEEN, NO_END, (r, h) -> 0))
        .withMessageContaining("prompt 1: 0 tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> generator.generate(List.of(new int[] {1, 512}), SIXTEEN, NO_END, (r, h) -> 0))
        .withMessageContaining("token: 512");
    assertThat(rows).isEmpty();
  }

  @Test
  void aModelWithoutALanguageHeadIsRefused() {
    DecoderConfig scores = Models.TINY.withHead(Head.Scalar.raw());
    try (Decoder reward = Models.random(scores, 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TextGenerator(reward, 1))
          .withMessage(
              "model: a reward model or critic, Scalar[mean=0.0, std=1.0] (expected: a language"
                  + " model)");
    }
  }

  @Test
  void weightsThatAreNotNumbersAreReported() {
    Weights broken =
        Weights.from(
            CONFIG,
            (name, shape, scope) -> {
              float[] nan = new float[(int) new Shape(shape).size()];
              Arrays.fill(nan, Float.NaN);
              return scope.create(nan, new Shape(shape));
            });
    try (Decoder decoder = model.withWeights(broken)) {
      for (Sampling sampling : List.of(SIXTEEN, Sampling.greedy(4))) {
        assertThatThrownBy(
                () ->
                    generate(decoder, 2, prompts(2), sampling, NO_END, TextGeneratorTest::uniform))
            .isInstanceOf(Diverged.class)
            .hasMessageContaining("log-prob of token 0 of response 0: NaN");
      }
    }
  }

  private static List<Response> generate(
      int batch, List<int[]> prompts, Sampling sampling, int end) {
    return generate(model, batch, prompts, sampling, end, TextGeneratorTest::uniform);
  }

  private static List<Response> generate(
      Decoder decoder,
      int batch,
      List<int[]> prompts,
      Sampling sampling,
      int end,
      TextGenerator.Uniforms uniforms) {
    try (TextGenerator generator = new TextGenerator(decoder, batch)) {
      return generator.generate(prompts, sampling, end, uniforms);
    }
  }

  /** Prompts of 1 to 23 tokens. */
  private static List<int[]> prompts(int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> Models.tokens(CONFIG, 1 + i * 7 % 23, 200 + i))
        .toList();
  }

  private static double uniform(int request, int position) {
    return Models.uniform(9, request, position);
  }

  /** The token that most responses hold, but not all: as an end token it ends some of them. */
  private static int commonToken(List<int[]> prompts) {
    int[] holders = new int[CONFIG.vocabSize()];
    for (Response response : generate(prompts.size(), prompts, SIXTEEN, NO_END)) {
      Arrays.stream(response.tokens()).distinct().forEach(token -> holders[token]++);
    }
    int best = 0;
    for (int token = 0; token < holders.length; token++) {
      if (holders[token] > holders[best] && holders[token] < prompts.size()) {
        best = token;
      }
    }
    return best;
  }

  private static void assertSame(List<Response> expected, List<Response> actual, boolean bits) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).tokens()).containsExactly(expected.get(i).tokens());
      if (bits) {
        assertThat(actual.get(i).logProbs()).containsExactly(expected.get(i).logProbs());
      }
    }
  }
}
