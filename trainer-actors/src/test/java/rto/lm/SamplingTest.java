package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rto.protocol.Sampling;

/** Which distribution tokens are drawn from, and that the log-probs returned are its own. */
class SamplingTest {

  private static final int NO_END = -1;
  private static final int NEW_TOKENS = 10;

  private static final List<Sampling> FILTERS =
      List.of(
          sampling(1, 0, 1),
          sampling(0.7, 0, 1),
          sampling(1, 5, 1),
          sampling(1, 0, 0.8),
          sampling(0.7, 5, 1),
          sampling(0.7, 0, 0.8),
          sampling(1, 5, 0.8),
          sampling(0.7, 5, 0.8),
          sampling(1.5, 100_000, 0.3),
          sampling(1, 1, 1));

  private static Decoder model;
  private static ReferenceLlama reference;

  @BeforeAll
  static void create() {
    model = Models.random(Models.STORIES, 11);
    reference = ReferenceLlama.of(model);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void logProbsAreThoseOfTheFilteredScaledDistribution() {
    List<int[]> prompts = List.of(prompt(7, 1), prompt(3, 2), prompt(12, 3));
    for (Sampling sampling : FILTERS) {
      List<TextGenerator.Response> responses = generate(prompts, sampling);
      for (int i = 0; i < prompts.size(); i++) {
        TextGenerator.Response response = responses.get(i);
        double[][] logits = reference.logits(joined(prompts.get(i), response.tokens()));
        for (int h = 0; h < response.tokens().length; h++) {
          double[] log = distribution(logits[prompts.get(i).length + h - 1], sampling);
          assertThat((double) response.logProbs()[h])
              .as("%s, token %s", sampling, h)
              .isCloseTo(log[response.tokens()[h]], within(1e-4));
        }
      }
    }
  }

  @Test
  void plainLogProbsAreThoseThatScoringGives() {
    List<int[]> prompts = List.of(prompt(7, 1), prompt(3, 2), prompt(12, 3));
    List<TextGenerator.Response> responses = generate(prompts, sampling(0.7, 0, 1));
    List<Sequence> sequences =
        IntStream.range(0, prompts.size())
            .mapToObj(i -> new Sequence(prompts.get(i), responses.get(i).tokens()))
            .toList();
    List<float[]> scored = model.logProbs(sequences, 0.7, 2);
    for (int i = 0; i < prompts.size(); i++) {
      for (int h = 0; h < NEW_TOKENS; h++) {
        assertThat(scored.get(i)[h]).isCloseTo(responses.get(i).logProbs()[h], within(1e-4f));
      }
    }
  }

  @Test
  void frequenciesOfTheFirstTokenFitTheDistribution() {
    int n = 4000;
    int[] prompt = prompt(5, 4);
    double[] logits = reference.logits(prompt)[prompt.length - 1];
    for (Sampling wide : List.of(sampling(1, 0, 1), sampling(0.7, 20, 0.9), sampling(0.5, 5, 1))) {
      Sampling one = new Sampling(wide.temperature(), wide.topK(), wide.topP(), 1);
      int[] counts = new int[Models.STORIES.vocabSize()];
      generate(500, Collections.nCopies(n, prompt), one, uniforms(5))
          .forEach(response -> counts[response.tokens()[0]]++);
      double[] log = distribution(logits, one);
      // Cells with fewer than five expected count as one. Chi-square has mean k and variance 2k:
      // five standard deviations are out of reach for a sampler that is right.
      double chi2 = 0;
      int cells = 0;
      double rareExpected = 0;
      int rareSeen = 0;
      for (int token = 0; token < counts.length; token++) {
        double expected = n * Math.exp(log[token]);
        if (expected == 0) {
          assertThat(counts[token]).isZero();
        } else if (expected < 5) {
          rareExpected += expected;
          rareSeen += counts[token];
        } else {
          chi2 += Math.pow(counts[token] - expected, 2) / expected;
          cells++;
        }
      }
      if (rareExpected > 0) {
        chi2 += Math.pow(rareSeen - rareExpected, 2) / rareExpected;
        cells++;
      }
      int freedom = cells - 1;
      assertThat(freedom).isPositive();
      assertThat(chi2).as("%s", one).isLessThan(freedom + 5 * Math.sqrt(2.0 * freedom));
    }
  }

  @Test
  void theEndsOfTheUnitIntervalNeverChooseATokenWithoutProbability() {
    List<int[]> prompts = IntStream.range(0, 40).mapToObj(i -> prompt(1 + i % 6, 50 + i)).toList();
    List<Sampling> sharp = new ArrayList<>(FILTERS);
    sharp.add(sampling(0.004, 0, 1)); // most of the 512 probabilities underflow to zero
    sharp.add(sampling(1e-4, 0, 0.5));
    for (Sampling sampling : sharp) {
      for (double u : new double[] {0, 1 - 0x1p-53}) {
        List<TextGenerator.Response> responses = generate(40, prompts, sampling, (r, h) -> u);
        for (int i = 0; i < prompts.size(); i++) {
          int[] prompt = prompts.get(i);
          int first = responses.get(i).tokens()[0];
          double[] log = distribution(reference.logits(prompt)[prompt.length - 1], sampling);
          assertThat(Math.exp(log[first])).isGreaterThan(1e-40);
          for (float logProb : responses.get(i).logProbs()) {
            assertThat(logProb).isFinite().isLessThanOrEqualTo(1e-6f);
          }
        }
      }
    }
  }

  @Test
  void temperatureZeroIsCertain() {
    TextGenerator.Response response = generate(List.of(prompt(7, 1)), sampling(0, 0, 1)).get(0);
    assertThat(response.logProbs()).containsOnly(0);
  }

  @Test
  void topPKeepsTheTokenThatReachesTheMass() {
    // The three most likely have 0.5, 0.3, 0.2: 0.5 + 0.3 is enough for 0.8, not for 0.81.
    double[] logits = {Math.log(0.2), Math.log(0.5), Math.log(0.3)};
    assertThat(distribution(logits, sampling(1, 0, 0.79))[0]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(distribution(logits, sampling(1, 0, 0.81))[0])
        .isCloseTo(Math.log(0.2), within(1e-9));
    assertThat(distribution(logits, sampling(1, 1, 1))[1]).isCloseTo(0, within(1e-9));
  }

  /** Log-probabilities after scaling, top-k and then top-p, in float64. */
  private static double[] distribution(double[] logits, Sampling sampling) {
    double[] log = ReferenceLlama.logSoftmax(logits, sampling.temperature());
    List<Integer> order =
        IntStream.range(0, log.length)
            .boxed()
            .sorted((a, b) -> Double.compare(log[b], log[a]))
            .toList();
    int k = Math.min(sampling.topK().orElse(log.length), log.length);
    double massOfK = order.subList(0, k).stream().mapToDouble(t -> Math.exp(log[t])).sum();
    double[] kept = new double[log.length];
    Arrays.fill(kept, Double.NEGATIVE_INFINITY);
    double mass = 0;
    for (int token : order.subList(0, k)) {
      if (mass >= sampling.topP().orElse(2)) {
        break;
      }
      kept[token] = log[token];
      mass += Math.exp(log[token]) / massOfK;
    }
    return ReferenceLlama.logSoftmax(kept, 1);
  }

  private static List<TextGenerator.Response> generate(List<int[]> prompts, Sampling sampling) {
    return generate(8, prompts, sampling, uniforms(3));
  }

  private static List<TextGenerator.Response> generate(
      int batch, List<int[]> prompts, Sampling sampling, TextGenerator.Uniforms uniforms) {
    try (TextGenerator generator = new TextGenerator(model, batch)) {
      return generator.generate(prompts, sampling, NO_END, uniforms);
    }
  }

  private static TextGenerator.Uniforms uniforms(long seed) {
    return (request, position) -> Models.uniform(seed, request, position);
  }

  private static int[] joined(int[] prompt, int[] response) {
    return ReferenceLlama.joined(new Sequence(prompt, response));
  }

  private static int[] prompt(int length, long seed) {
    return Models.tokens(Models.STORIES, length, seed);
  }

  private static Sampling sampling(double temperature, int topK, double topP) {
    return new Sampling(
        temperature,
        topK == 0 ? OptionalInt.empty() : OptionalInt.of(topK),
        topP == 1 ? OptionalDouble.empty() : OptionalDouble.of(topP),
        NEW_TOKENS);
  }
}
