package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.Tdpo2Loss;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.lm.io.HfCheckpoint;
import rto.lm.lora.LoraConfig;
import rto.protocol.WeightsRef;
import rto.tensor.ComputePool;
import rto.tensor.Torch;
import rto.train.PolicyStage.Setup;
import rto.train.PolicyStage.Watch;

/** The stages with adapters over one base. */
class LowRankTest {

  private static final LoraConfig LORA = new LoraConfig(2, 4, List.of("q_proj", "down_proj"), 0.1);
  private static final RtoSettings SETTINGS = Tiny.rto(3, 2, 5, 2, 1e-2);

  @TempDir static Path temp;
  private static PolicyStage stage;
  private static String undisturbed;

  @BeforeAll
  static void runOnce() {
    stage = new PolicyStage(temp, LORA);
    undisturbed = stage.run(SETTINGS, Setup.PLAIN, Optional.empty(), Watch.NOTHING);
  }

  @Test
  void theDigestDependsOnSeedAndAdaptersAndNotOnThreadsOrInterruptions() {
    assertThat(undisturbed).matches("[0-9a-f]{64}");
    assertThat(stage.run(SETTINGS, new Setup(1, 3, true), Optional.empty(), Watch.NOTHING))
        .isEqualTo(undisturbed);
    assertThat(stage.run(SETTINGS, new Setup(2, 1, true), Optional.empty(), Watch.NOTHING))
        .isNotEqualTo(undisturbed);
    Optional<Path> checkpoint = Optional.empty();
    for (int k = 0; k < SETTINGS.iterations() - 1; k++) {
      checkpoint = Optional.of(interruptedAfterOneIteration(checkpoint));
    }
    assertThat(stage.run(SETTINGS, Setup.PLAIN, checkpoint, Watch.NOTHING)).isEqualTo(undisturbed);
  }

  @Test
  void snapshotAndCheckpointHoldAdaptersAlone() throws IOException {
    Path written = interruptedAfterOneIteration(Optional.empty());
    // Two layers, hidden size 16, heads 4 × 4, feed-forward 24, rank 2: q has A [2, 16] and B [16,
    // 2],
    // down A [2, 24] and B [16, 2]; the critic's head has 16 numbers more. Four bytes each.
    long pairs = 4 * 2 * (2 * 16 + 16 * 2 + 2 * 24 + 16 * 2);
    for (String model : List.of("policy", "critic")) {
      long numbers = pairs + (model.equals("critic") ? 4 * 16 : 0);
      Path adapter = written.resolve(model).resolve("adapter_model.safetensors");
      assertThat(values(adapter)).isEqualTo(numbers);
      for (String moment : List.of("first.safetensors", "second.safetensors")) {
        assertThat(values(written.resolve(model + "-optimizer").resolve(moment)))
            .isEqualTo(numbers);
      }
      assertThat(written.resolve(model).resolve("model.safetensors")).doesNotExist();
    }
    try (ComputePool pool = new ComputePool("test", 1);
        PolicyLearner learner = stage.learner(SETTINGS, Setup.PLAIN, pool)) {
      learner.restore(Optional.of(written));
      try (PolicyLearner.Snapshot snapshot = learner.snapshot()) {
        assertThat(snapshot.ref().base()).isPresent();
        assertThat(snapshot.ref().bytes()).isBetween(pairs, pairs + 4096);
      }
    }
  }

  @Test
  void anAdapterOverAnotherBaseIsNotInstalled() throws IOException {
    Path other = Tiny.saved(Tiny.language(7), temp.resolve("other"));
    try (ComputePool pool = new ComputePool("test", 1);
        PolicyLearner learner = stage.learner(SETTINGS, Setup.PLAIN, pool)) {
      learner.restore(Optional.empty());
      for (Optional<LoraConfig> lora : List.of(Optional.of(LORA), Optional.<LoraConfig>empty())) {
        try (Models models = Models.of(other, lora);
            TaskSampler sampler = new TaskSampler(4, models);
            PolicyLearner.Snapshot snapshot = learner.snapshot()) {
          WeightsRef ref = snapshot.ref();
          assertThatThrownBy(() -> sampler.install(ref, snapshot.file()))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageStartingWith("weights-version-0: ")
              .hasMessageContaining(ref.base().orElseThrow());
        }
      }
    }
  }

  @Test
  void aBaseInBfloat16IsInMemoryOnceAndKnownByItsFloat32Files() throws IOException {
    Path folder = temp.resolve("bfloat16");
    String digest;
    int tensors;
    try (Decoder model = Tiny.language(1)) {
      digest = Tiny.digest(model.weights());
      tensors = model.weights().names().size();
    }
    Tiny.saved(Tiny.language(1).in(ComputeType.BFLOAT16), folder);
    byte[] file = Files.readAllBytes(folder.resolve("model.safetensors"));
    try (Models models = Models.of(folder, Optional.of(LORA))) {
      int before = Torch.openArrays();
      try (Decoder reference = models.reference();
          Decoder policy = models.policy(1)) {
        int pairs = policy.trained().names().size();
        assertThat(Torch.openArrays() - before).isEqualTo(tensors + pairs);
        assertThat(reference.passes().type()).isEqualTo(ComputeType.BFLOAT16);
        assertThat(reference.weights().tensors())
            .allMatch(tensor -> tensor.getDataType() == DataType.UNKNOWN);
        assertThat(policy.trained().tensors())
            .allMatch(tensor -> tensor.getDataType() == DataType.FLOAT32);
      }
      assertThat(models.base()).contains(digest);
    }
    assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(file);
  }

  @Test
  void anAdapterOverABaseInBfloat16IsAddedToItsFloat32Weights() throws IOException {
    Path folder = Tiny.saved(Tiny.language(1).in(ComputeType.BFLOAT16), temp.resolve("rounded"));
    Path adapter = Files.createDirectory(temp.resolve("over-rounded"));
    List<Sequence> sequences = Tiny.sequences(5, 1);
    try (Models models = Models.of(folder, Optional.of(LORA));
        Decoder base = models.reference();
        Decoder learned = Tiny.learned(base, new Head.Language(true), LORA, 9)) {
      models.save(learned, adapter);
    }
    try (Decoder exact = Tiny.language(1);
        Decoder expected = Tiny.learned(exact, new Head.Language(true), LORA, 9);
        Decoder merged = HfCheckpoint.loadMerged(adapter).in(ComputeType.FLOAT32)) {
      List<float[]> logProbs = expected.logProbs(sequences, 1, 5);
      for (int i = 0; i < logProbs.size(); i++) {
        assertThat(merged.logProbs(sequences, 1, 5).get(i))
            .usingComparatorWithPrecision(1e-4f)
            .containsExactly(logProbs.get(i));
      }
    }
    try (Decoder merged = HfCheckpoint.loadMerged(adapter)) {
      assertThat(merged.passes().type()).isEqualTo(ComputeType.BFLOAT16);
    }
  }

  @Test
  void aPreferenceStageLeavesTheBaseToTheBitAndLearnsTheAdapter() {
    StageSettings settings = new StageSettings(3, 16, 6, 0.05);
    List<Pair> pairs = Tiny.pairs(32, 3);
    try (ComputePool pool = new ComputePool("test", 2);
        Decoder base = Tiny.language(1)) {
      String before = Tiny.digest(base.weights());
      try (Decoder trained =
          new PreferenceStage(
                  Tiny.loop("dpo", settings, Tiny.adam(), temp), new Tuning.LowRank(LORA), pool)
              .run(base, new Tdpo2Loss(0.1, 0.5), pairs, 1)) {
        double gained = 0;
        for (Pair pair : pairs) {
          gained += margin(trained, pair) - margin(base, pair);
        }
        assertThat(gained / pairs.size()).isGreaterThan(1);
      }
      assertThat(Tiny.digest(base.weights())).isEqualTo(before);
    }
  }

  @Test
  void inPlaceTrainingAddsTheAdapterToTheModel() {
    Tuning tuning = new Tuning.LowRank(LORA);
    List<Sequence> sequences = Tiny.sequences(5, 1);
    List<float[]> adapted = new ArrayList<>();
    try (Decoder model = Tiny.language(1);
        Decoder learned = Tiny.learned(model, new Head.Language(true), LORA, 9)) {
      tuning.inPlace(
          model,
          1,
          one -> {
            for (int i = 0; i < one.trained().tensors().size(); i++) {
              one.trained().tensors().get(i).set(learned.trained().tensors().get(i).toFloatArray());
            }
            adapted.addAll(one.logProbs(sequences, 1, 5));
          });
      List<float[]> merged = model.logProbs(sequences, 1, 5);
      for (int i = 0; i < merged.size(); i++) {
        assertThat(merged.get(i))
            .usingComparatorWithPrecision(1e-4f)
            .containsExactly(adapted.get(i));
      }
    }
  }

  private static double margin(Decoder model, Pair pair) {
    List<float[]> logProbs = model.logProbs(List.of(pair.chosen(), pair.rejected()), 1, 2);
    return sum(logProbs.get(0)) - sum(logProbs.get(1));
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  /** Bytes after the header of a safetensors file. */
  private static long values(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long header = LongStream.range(0, 8).map(i -> (bytes[(int) i] & 0xffL) << 8 * i).sum();
    return bytes.length - 8 - header;
  }

  private static Path interruptedAfterOneIteration(Optional<Path> from) {
    List<Path> written = new ArrayList<>();
    Watch interrupt =
        (learner, iteration, numbers) -> {
          written.add(learner.writeCheckpoint());
          throw new IllegalStateException("interrupted");
        };
    assertThatThrownBy(() -> stage.run(SETTINGS, Setup.PLAIN, from, interrupt))
        .hasMessage("interrupted");
    return written.get(0);
  }
}
