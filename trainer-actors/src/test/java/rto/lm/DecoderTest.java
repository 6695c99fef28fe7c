package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import rto.protocol.Sampling;

/** The decoder against {@link ReferenceLlama}: two writings of one model must say the same. */
class DecoderTest {

  private static final double CLOSE = 1e-4;
  private static final Head.Scalar SCORE = new Head.Scalar(0.25, 1.7);
  private static final List<DecoderConfig> LANGUAGE =
      List.of(
          Models.STORIES,
          Models.STORIES.withHead(Models.language(false)),
          Models.TINY,
          Models.TINY.withHead(Models.language(true)));

  @Test
  void logitsAreThoseOfTheReference() {
    for (DecoderConfig config : LANGUAGE) {
      try (Decoder model = Models.random(config, 1)) {
        int[] tokens = Models.tokens(config, 41, 2);
        double[][] expected = ReferenceLlama.of(model).logits(tokens);
        float[][] actual = model.logits(tokens);
        for (int t = 0; t < tokens.length; t++) {
          assertClose(actual[t], expected[t]);
        }
      }
    }
  }

  @Test
  void logProbsAreThoseOfTheReferenceWhateverTheLengthsInTheBatch() {
    for (DecoderConfig config : LANGUAGE) {
      try (Decoder model = Models.random(config, 3)) {
        ReferenceLlama reference = ReferenceLlama.of(model);
        List<Sequence> sequences = Models.sequences(config, 7);
        List<float[]> actual = model.logProbs(sequences, 0.7, 3);
        for (int i = 0; i < sequences.size(); i++) {
          assertClose(actual.get(i), reference.logProbs(sequences.get(i), 0.7));
        }
      }
    }
  }

  @Test
  void valuesAreReadBeforeEachResponseTokenAndTheScoreAtTheLastToken() {
    for (DecoderConfig config : List.of(Models.STORIES, Models.TINY)) {
      try (Decoder model = Models.random(config.withHead(SCORE), 4)) {
        ReferenceLlama reference = ReferenceLlama.of(model);
        List<Sequence> sequences = Models.sequences(config, 7);
        List<float[]> values = model.values(sequences, 4);
        float[] scores = model.scores(sequences, 4);
        for (int i = 0; i < sequences.size(); i++) {
          Sequence s = sequences.get(i);
          double[] scalars = reference.scalars(ReferenceLlama.joined(s));
          int first = s.prompt().length - 1;
          assertClose(values.get(i), Arrays.copyOfRange(scalars, first, s.length() - 1));
          assertThat((double) scores[i]).isCloseTo(scalars[s.length() - 1], within(CLOSE));
        }
      }
    }
  }

  @Test
  void greedyContinuationByFullForwardAndByCacheIsTheReferences() {
    for (DecoderConfig config : LANGUAGE) {
      try (Decoder model = Models.random(config, 5);
          TextGenerator generator = new TextGenerator(model, 3)) {
        ReferenceLlama reference = ReferenceLlama.of(model);
        List<int[]> prompts =
            List.of(
                Models.tokens(config, 9, 1),
                Models.tokens(config, 1, 2),
                Models.tokens(config, 17, 3));
        List<TextGenerator.Response> cached =
            generator.generate(prompts, Sampling.greedy(24), -1, (r, h) -> 0);
        for (int i = 0; i < prompts.size(); i++) {
          int[] expected = greedy(prompts.get(i), 24, reference::logits);
          int[] full = greedy(prompts.get(i), 24, tokens -> doubles(model.logits(tokens)));
          assertThat(full).containsExactly(expected);
          assertThat(cached.get(i).tokens()).containsExactly(expected);
        }
      }
    }
  }

  @Test
  void freshRewardModelKeepsTheBodyAndSaysZero() {
    DecoderConfig scalar = Models.TINY.withHead(Head.Scalar.raw());
    try (Decoder policy = Models.random(Models.TINY, 6);
        Decoder reward = new Decoder(scalar, policy.weights().withScalarHead(scalar))) {
      assertThat(reward.scores(Models.sequences(scalar, 3), 2)).containsOnly(0);
      assertThat(reward.weights().get("model.norm.weight").toFloatArray())
          .containsExactly(policy.weights().get("model.norm.weight").toFloatArray());
    }
  }

  @Test
  void whatTheModelCannotReadIsRefusedByName() {
    try (Decoder model = Models.random(Models.TINY, 7)) {
      Sequence long65 = Models.sequence(Models.TINY, 60, 5, 1);
      Sequence foreign = new Sequence(new int[] {1}, new int[] {19});
      List<Sequence> good = Models.sequences(Models.TINY, 1);
      refused(() -> model.logProbs(List.of(long65), 1, 1), "65 tokens");
      refused(() -> model.logProbs(List.of(foreign), 1, 1), "token: 19 (expected: in [0,");
      refused(() -> model.logProbs(good, 0, 1), "temperature: 0.0");
      refused(() -> model.logProbs(good, 1, 0), "micro-batch: 0");
      refused(() -> model.scores(good, 1), "expected: a Scalar head");
      refused(() -> model.logits(new int[0]), "tokens: 0");
      assertThat(model.logProbs(List.of(), 1, 1)).isEmpty();
    }
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
  }

  private interface Logits {
    double[][] of(int[] tokens);
  }

  private static int[] greedy(int[] prompt, int n, Logits logits) {
    int[] tokens = prompt;
    for (int i = 0; i < n; i++) {
      double[][] rows = logits.of(tokens);
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = argmax(rows[rows.length - 1]);
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }

  private static int argmax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static double[][] doubles(float[][] rows) {
    double[][] result = new double[rows.length][];
    for (int t = 0; t < rows.length; t++) {
      result[t] = new double[rows[t].length];
      for (int v = 0; v < rows[t].length; v++) {
        result[t][v] = rows[t][v];
      }
    }
    return result;
  }

  private static void assertClose(float[] actual, double[] expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(CLOSE));
    }
  }
}
