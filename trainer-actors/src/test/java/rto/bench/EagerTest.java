package rto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rto.lm.AttentionBias;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Family;
import rto.lm.Head;
import rto.lm.Rope;
import rto.lm.Sequence;
import rto.lm.TextGenerator;
import rto.lm.TextGenerator.Response;
import rto.lm.Traits;
import rto.lm.Weights;

/** The engine's results against a second writing of the model, one operation at a time. */
class EagerTest {

  private static final double TOLERANCE = 1e-5;

  /** 20 tokens, grouped queries, two layers, responses of about 8 tokens. */
  private static final DecoderConfig CONFIG =
      new DecoderConfig(20, 16, 24, 2, 4, 2, 4, 1e-5, 10_000, 64, 1, 2, new Head.Language(true));

  private static final BenchShape SHAPE = new BenchShape("tiny", CONFIG, 12, 30, 32, 5, 1);

  private static Decoder policy;
  private static TextGenerator generator;
  private static List<int[]> prompts;
  private static List<Response> responses;

  @BeforeAll
  static void sample() {
    policy = new Decoder(CONFIG, Talkative.weights(CONFIG, 3, 8));
    generator = new TextGenerator(policy, 32);
    prompts = Prompts.of(SHAPE, 40);
    responses = new EagerSampling(policy, generator, prompts, 30).ours();
  }

  @AfterAll
  static void close() {
    generator.close();
    policy.close();
  }

  @Test
  void bothSampleTheSame() {
    List<Response> eager = new EagerSampling(policy, generator, prompts, 30).eager();
    assertThat(EagerSampling.differing(responses, eager)).isZero();
    assertThat(EagerSampling.difference(responses, eager)).isLessThan(TOLERANCE);
    assertThat(eager.stream().map(Response::truncated))
        .isEqualTo(responses.stream().map(Response::truncated).toList());
  }

  @Test
  void responsesEndSoonerAndLater() {
    assertThat(responses.stream().mapToInt(r -> r.tokens().length).distinct().count())
        .isGreaterThan(5);
    assertThat(EagerSampling.tokens(responses) / 40.0).isBetween(4.0, 16.0);
  }

  @Test
  void bothReadAndDifferentiateTheSame() throws IOException {
    try (EagerUpdate update = new EagerUpdate(SHAPE, policy, prompts, responses)) {
      assertThat(update.logProbDifference()).isLessThan(TOLERANCE);
      assertThat(update.gradientDifference()).isLessThan(TOLERANCE);
      assertThat(update.tokens()).isPositive();
      update.learnEager();
      update.learnOurs();
    }
  }

  /** AdamW's first step is the rate times g / |g|, as long as g is far from epsilon, 1e-8. */
  @Test
  void theFirstStepGoesAgainstTheGradientBySignOnly() {
    double rate = 1e-3;
    EagerLearner.Micro micro =
        new EagerLearner.Micro(
            List.of(new Sequence(new int[] {3, 4}, new int[] {5, 6})),
            new float[] {-3, -3},
            new float[] {1, -2},
            new float[] {0.5f, 0.5f});
    Weights weights = policy.weights().copy();
    try (EagerLearner learner = new EagerLearner(CONFIG, weights, rate)) {
      float[] gradient = learner.gradients(List.of(micro)).get(1 + 4);
      float[] before = weights.tensors().get(1 + 4).toFloatArray();
      learner.update(List.of(micro));
      float[] after = weights.tensors().get(1 + 4).toFloatArray();
      assertThat(gradient).hasSize(16 * 16);
      for (int i = 0; i < before.length; i++) {
        if (Math.abs(gradient[i]) > 1e-4) {
          assertThat(after[i] - before[i])
              .isCloseTo((float) (-rate * Math.signum(gradient[i])), within(1e-6f));
        }
      }
    }
  }

  @Test
  void onlyAPlainLlamaHasAYardstick() {
    DecoderConfig windowed =
        new DecoderConfig(
            20,
            16,
            24,
            2,
            4,
            2,
            4,
            1e-5,
            Rope.plain(10_000),
            64,
            OptionalInt.of(1),
            List.of(2),
            new Traits(Family.MISTRAL, AttentionBias.NONE, false, false, OptionalInt.of(8)),
            new Head.Language(true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EagerLlama(windowed, policy.weights(), false))
        .withMessageEndingWith("(expected: a plain Llama with a tied head)");
  }
}
