package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rto.algorithm.LearningRate;
import rto.algorithm.NllLoss;
import rto.checkpoint.WholeFolder;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.lora.LoraConfig;
import rto.tensor.ComputePool;

class TraineeTest {

  private static final double RATE = 0.25;

  private ComputePool pool;
  private Trainee trainee;

  @BeforeEach
  void start() {
    pool = new ComputePool("test", 2);
    Decoder model = Tiny.language(1);
    AdamW optimizer = new AdamW(Tiny.adam(), model.weights());
    LearningRate rate = new LearningRate.Constant(RATE);
    Differentiator.Read everyToken = Differentiator.Read.EVERY_TOKEN;
    trainee = new Trainee(model, everyToken, new NllLoss(), optimizer, rate, pool, 1);
  }

  @AfterEach
  void end() {
    trainee.close();
    pool.close();
  }

  @Test
  void theLossIsTheWeightedSumOverAllMicroBatches() {
    List<Sequence> sequences = Tiny.sequences(5, 1);
    double expected = 0;
    List<float[]> logProbs = trainee.model().logProbs(sequences, 0.7, 5);
    for (int i = 0; i < 5; i++) {
      for (float logProb : logProbs.get(i)) {
        expected -= (i + 1) * logProb;
      }
    }
    List<MicroBatch> batch = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      batch.add(microBatch(sequences.get(i), i + 1));
    }
    Map<String, Double> numbers = trainee.update(batch, 0.7);
    assertThat(numbers.get("loss")).isCloseTo(expected, within(1e-5 * expected));
    assertThat(numbers.get("learning-rate")).isEqualTo(RATE);
    assertThat(numbers.get("gradient-norm")).isPositive();
    assertThat(trainee.optimizer().steps()).isEqualTo(1);
  }

  @Test
  void oneBadMicroBatchFailsTheUpdateAndChangesNothing() {
    String before = digest();
    Sequence good = Tiny.sequences(1, 1).get(0);
    Sequence bad = new Sequence(new int[] {Tiny.BEGIN}, new int[] {Tiny.VOCAB});
    List<MicroBatch> batch =
        List.of(microBatch(good, 1), microBatch(bad, 1), microBatch(good, 1), microBatch(good, 1));
    assertThatThrownBy(() -> trainee.update(batch, 1)).hasMessageContaining("token: 12");
    assertThat(digest()).isEqualTo(before);
    trainee.update(List.of(microBatch(good, 1)), 1);
    assertThat(digest()).isNotEqualTo(before);
  }

  @Test
  void oneOtherNumberInAnyParameterOrMomentIsAnotherDigest() {
    Set<String> seen = new HashSet<>(Set.of(digest()));
    AdamW optimizer = trainee.optimizer();
    int tensors = 0;
    for (Weights weights :
        List.of(trainee.model().weights(), optimizer.first(), optimizer.second())) {
      for (NDArray tensor : weights.tensors()) {
        float[] values = tensor.toFloatArray();
        values[values.length - 1] = Math.nextUp(values[values.length - 1]);
        tensor.set(values);
        seen.add(digest());
        tensors++;
      }
    }
    assertThat(tensors).isEqualTo(3 * trainee.model().config().tensors().size());
    assertThat(seen).as("all different").hasSize(tensors + 1);
  }

  /** With a rate that changes nothing, losses of one batch differ by what is dropped. */
  @Test
  void eachUpdateAndEachTrainingDropsSomethingElseAndTheSameAgain() {
    List<Double> once = lossesWithDropout(1);
    assertThat(once).doesNotHaveDuplicates();
    assertThat(lossesWithDropout(1)).isEqualTo(once);
    assertThat(lossesWithDropout(2)).doesNotContainAnyElementsOf(once);
  }

  private List<Double> lossesWithDropout(long seed) {
    LoraConfig lora = new LoraConfig(2, 4, LoraConfig.MODULES, 0.5);
    LearningRate nothing = new LearningRate.Constant(Float.MIN_VALUE);
    Differentiator.Read everyToken = Differentiator.Read.EVERY_TOKEN;
    List<Double> losses = new ArrayList<>();
    try (Decoder base = Tiny.language(1)) {
      Decoder model = Tiny.learned(base, base.config().head(), lora, 1);
      AdamW optimizer = new AdamW(Tiny.adam(), model.trained());
      try (Trainee other =
          new Trainee(model, everyToken, new NllLoss(), optimizer, nothing, pool, seed)) {
        for (int update = 0; update < 4; update++) {
          losses.add(
              other.update(List.of(microBatch(Tiny.sequences(1, 3).get(0), 1)), 1).get("loss"));
        }
      }
    }
    return losses;
  }

  @Test
  void layerCheckpointsChangeNoBit() {
    assumeTrue(ComputeType.BFLOAT16.isSupported(), "skipped: no bfloat16 on this processor");
    assertThat(learned(true)).isEqualTo(learned(false)).isNotEqualTo(digest());
  }

  /** After an update of a model that learns layer by layer. */
  private String learned(boolean layerCheckpoints) {
    OptimizerSettings settings =
        new OptimizerSettings(0.9, 0.95, 1e-8, 0, 1, 0, 1, layerCheckpoints);
    Decoder model = Tiny.language(1).in(ComputeType.BFLOAT16);
    AdamW optimizer = new AdamW(settings, model.weights());
    LearningRate rate = new LearningRate.Constant(RATE);
    try (Trainee other =
        new Trainee(
            model, Differentiator.Read.EVERY_TOKEN, new NllLoss(), optimizer, rate, pool, 1)) {
      other.update(List.of(microBatch(Tiny.sequences(1, 3).get(0), 1)), 1);
      var digest = WholeFolder.sha256();
      other.digest(digest);
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static MicroBatch microBatch(Sequence sequence, float weight) {
    float[] weights = new float[sequence.response().length];
    Arrays.fill(weights, weight);
    return new MicroBatch(List.of(sequence), List.of(weights));
  }

  private String digest() {
    var digest = WholeFolder.sha256();
    trainee.digest(digest);
    return HexFormat.of().formatHex(digest.digest());
  }
}
