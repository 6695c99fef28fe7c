package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.DpoLoss;
import rto.algorithm.PreferenceLoss;
import rto.lm.Decoder;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.tensor.ComputePool;

/** Each stage does to a tiny model what it is there for. */
class SupervisedStagesTest {

  private static final int LIKED = 5;
  private static ComputePool pool;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    pool = new ComputePool("test", 2);
  }

  @AfterAll
  static void end() {
    pool.close();
  }

  @Test
  void supervisedTrainingMakesTheExamplesLikely() {
    // Every example repeats one token; a uniform guess costs ln 12 = 2.48 nats a token.
    List<Sequence> examples = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int token = 3 + i % 8;
      examples.add(
          new Sequence(new int[] {Tiny.BEGIN, token}, new int[] {token, token, token, Tiny.END}));
    }
    StageSettings settings = new StageSettings(30, 8, 3, 0.02);
    try (Decoder model = Tiny.language(1)) {
      double before = loss(model, examples);
      new SftStage(Tiny.loop("base", settings, Tiny.adam(), temp), pool).run(model, examples, 1);
      assertThat(before).isGreaterThan(2);
      assertThat(loss(model, examples)).isLessThan(0.3);
    }
  }

  @Test
  void theRewardModelLearnsWhatIsLikedAndAnswersInUnitsOfItsOwnSpread() {
    StageSettings settings = new StageSettings(4, 16, 6, 0.01);
    List<Pair> heldOut = likedPairs(24, 2);
    RewardModelStage stage =
        new RewardModelStage(
            Tiny.loop("reward-model", settings, Tiny.adam(), temp), new Tuning.Whole(), pool);
    try (Decoder language = Tiny.language(1)) {
      String before = Tiny.digest(language.weights());
      RewardModelStage.Result result = stage.run(language, likedPairs(96, 1), heldOut, 1);
      try (Decoder model = result.model()) {
        float[] scores = model.scores(RewardModelStage.sequences(heldOut), 7);
        assertThat(mean(scores)).isCloseTo(0, within(1e-5));
        assertThat(deviation(scores)).isCloseTo(1, within(1e-5));
        long right =
            IntStream.range(0, heldOut.size())
                .filter(i -> scores[2 * i] > scores[2 * i + 1])
                .count();
        assertThat(result.heldOut().keySet()).allMatch(n -> MetricNames.of(n).isPresent());
        assertThat(result.heldOut().get("accuracy")).isEqualTo(right / 24.0).isGreaterThan(0.85);
        Head.Scalar head = (Head.Scalar) model.config().head();
        assertThat(head.mean()).isEqualTo(result.heldOut().get("mean"));
        assertThat(head.std()).isEqualTo(result.heldOut().get("std"));
      }
      assertThat(Tiny.digest(language.weights())).as("the language model").isEqualTo(before);
    }
  }

  @Test
  void preferenceTrainingRaisesChosenOverRejectedAndLeavesTheReferenceAlone() {
    for (PreferenceLoss loss : PreferenceInvarianceTest.losses().toList()) {
      StageSettings settings = new StageSettings(3, 16, 6, 0.003);
      List<Pair> pairs = likedPairs(64, 3);
      List<Pair> heldOut = likedPairs(24, 4);
      try (Decoder reference = Tiny.language(1)) {
        String before = Tiny.digest(reference.weights());
        try (Decoder trained =
            new PreferenceStage(
                    Tiny.loop("dpo", settings, Tiny.adam(), temp), new Tuning.Whole(), pool)
                .run(reference, loss, pairs, 1)) {
          assertThat(margins(trained, reference, heldOut).filter(m -> m > 0).count())
              .as("%s: of 24 held-out pairs, those that the implicit reward gets right", loss)
              .isGreaterThan(20);
        }
        assertThat(Tiny.digest(reference.weights())).isEqualTo(before);
      }
    }
  }

  @Test
  void trainingStartsAtTheReferenceWhereEveryPairIsATie() {
    // Δ_w = Δ_l = 0 before the first step, so the loss of the only step is −log σ(0) = ln 2.
    StageSettings oneStep = new StageSettings(1, 16, 6, 1e-3);
    TrainingLoop loop = Tiny.loop("dpo", oneStep, Tiny.adam(), temp);
    List<Pair> pairs = likedPairs(16, 5);
    try (Decoder reference = Tiny.language(1);
        Decoder trained =
            new PreferenceStage(loop, new Tuning.Whole(), pool)
                .run(reference, new DpoLoss(0.1, 0), pairs, 1)) {
      assertThat(trained).isNotSameAs(reference);
      Map<String, Double> numbers = metrics(temp);
      assertThat(numbers.get("loss")).isCloseTo(Math.log(2), within(1e-5));
      assertThat(numbers.get("chosen-reward")).isCloseTo(0, within(1e-4));
    }
  }

  private static Map<String, Double> metrics(Path folder) {
    try {
      return MetricsLog.read(folder.resolve("metrics.jsonl")).get(0).numbers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pairs of which the chosen one has the liked token in half of its places. */
  private static List<Pair> likedPairs(int n, long seed) {
    Random random = new Random(seed);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int[] prompt = Tiny.prompt(random);
      int[] chosen = Tiny.tokens(3 + random.nextInt(6), random);
      for (int h = 0; h < chosen.length; h += 2) {
        chosen[h] = LIKED;
      }
      int[] rejected = random.ints(3 + random.nextInt(6), LIKED + 1, Tiny.VOCAB).toArray();
      pairs.add(new Pair(new Sequence(prompt, chosen), new Sequence(prompt, rejected)));
    }
    return pairs;
  }

  /** Δ_w − Δ_l of each pair. */
  private static DoubleStream margins(Decoder model, Decoder reference, List<Pair> pairs) {
    List<Sequence> sequences = RewardModelStage.sequences(pairs);
    List<float[]> policy = model.logProbs(sequences, 1, 8);
    List<float[]> ref = reference.logProbs(sequences, 1, 8);
    return IntStream.range(0, pairs.size())
        .mapToDouble(
            i ->
                sum(policy.get(2 * i))
                    - sum(ref.get(2 * i))
                    - sum(policy.get(2 * i + 1))
                    + sum(ref.get(2 * i + 1)));
  }

  /** Nats per response token. */
  private static double loss(Decoder model, List<Sequence> examples) {
    return -mean(Batching.concatenated(model.logProbs(examples, 1, 4)));
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static double mean(float[] values) {
    return sum(values) / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }
}
