package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rto.algorithm.DpoLoss;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewardVariant;
import rto.checkpoint.DamagedFolder;
import rto.checkpoint.WholeFolder;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.world.MicroWorld;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.tensor.ComputePool;

/** All stages before the policy stage, on a very small model of the micro-world. */
class StagesTest {

  // Fewer than pairs: every prompt is asked again.
  private static final int PROMPTS = 10;
  private static final int PAIRS = 30;
  private static final int HELD_OUT_PAIRS = 6;
  private static final Set<String> KEYS =
      Set.of("prompt", "chosen", "rejected", "chosen_truncated", "rejected_truncated");

  private static final RtoSettings RTO = Tiny.rto(1, 1, 12, 4, 1e-3);

  @TempDir Path temp;
  private RunFolder run;

  @BeforeEach
  void start() throws IOException {
    run = new RunFolder(Files.createDirectory(temp.resolve("run")));
    runStages(run, 1, 1);
  }

  @Test
  void theTrainerSeesPairsAndNeverTheGoldReward() throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (String name : List.of("train.jsonl", "held-out.jsonl")) {
      for (String line : Files.readAllLines(run.preferences().resolve(name))) {
        assertThat(json.readTree(line).properties())
            .as(line)
            .extracting(Map.Entry::getKey)
            .isSubsetOf(KEYS);
      }
    }
    try (var files = Files.list(run.preferences())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("train.jsonl", "held-out.jsonl", "SHA256SUMS");
    }
  }

  @Test
  void heldOutPairsAskWhatNoTrainingPairAsks() {
    List<Preference> train = pairs("train.jsonl");
    List<Preference> heldOut = pairs("held-out.jsonl");
    assertThat(train).hasSize(PAIRS - HELD_OUT_PAIRS);
    assertThat(heldOut).hasSize(HELD_OUT_PAIRS);
    assertThat(prompts(heldOut)).doesNotContainAnyElementsOf(prompts(train));
    assertThat(MicroWorld.generate(1).prompts(PROMPTS)).containsAll(prompts(train));
  }

  @Test
  void responsesThatTheLengthLimitEndedAreMarked() {
    // An untrained model ends a response with one token of some hundred: nearly all are cut off.
    assertThat(pairs("train.jsonl")).anyMatch(Preference::chosenTruncated);
  }

  @Test
  void whatIsThereAndWholeIsKeptAndWhatIsMissingIsMadeTheSameAgain() throws IOException {
    Map<String, String> sums = sums(run);
    var written = Files.getLastModifiedTime(run.base().resolve("SHA256SUMS"));
    WholeFolder.delete(run.dpo());
    WholeFolder.delete(run.rewardModel());
    runStages(run, 1, 2);
    assertThat(sums(run)).isEqualTo(sums);
    assertThat(Files.getLastModifiedTime(run.base().resolve("SHA256SUMS"))).isEqualTo(written);
  }

  @Test
  void theSeedDecidesEveryFile() throws IOException {
    RunFolder again = new RunFolder(Files.createDirectory(temp.resolve("again")));
    RunFolder other = new RunFolder(Files.createDirectory(temp.resolve("other")));
    runStages(again, 1, 3);
    runStages(other, 2, 1);
    assertThat(sums(again)).isEqualTo(sums(run));
    sums(other)
        .forEach((stage, sum) -> assertThat(sum).as(stage).isNotEqualTo(sums(run).get(stage)));
  }

  @Test
  void aDamagedStageIsRefusedByTheNameOfItsFile() throws IOException {
    Path file = run.rewardModel().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> runStages(run, 1, 1))
        .isInstanceOf(DamagedFolder.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aTokenRewardThatNeedsNoDpoModelGetsNone() throws IOException {
    RunFolder ppo = new RunFolder(Files.createDirectory(temp.resolve("ppo")));
    runStages(ppo, settings(1, Tiny.with(RTO, TokenRewardVariant.PPO)), 1);
    assertThat(ppo.rewardModel()).exists();
    assertThat(ppo.dpo()).doesNotExist();
    for (TokenRewardVariant variant : TokenRewardVariant.values()) {
      assertThat(Tiny.with(RTO, variant).needs().contains(TokenReward.Column.DPO))
          .as(variant.name())
          .isEqualTo(variant != TokenRewardVariant.PPO);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void allModelsOfARunComputeInItsTypeAndAreWrittenInFloat32(ComputeType type) throws IOException {
    ModelSource model = new ModelSource.Scratch(16, 24, 1, 2, 1, 96, type);
    RunFolder rounded = new RunFolder(Files.createDirectory(temp.resolve("rounded")));
    runStages(rounded, settings(1, model, RTO), 1);
    for (Path folder : List.of(rounded.base(), rounded.rewardModel(), rounded.dpo())) {
      try (Decoder decoder = HfCheckpoint.load(folder)) {
        assertThat(decoder.passes().type()).isEqualTo(type);
        assertThat(decoder.weights().tensors())
            .allMatch(tensor -> tensor.getDataType() == DataType.FLOAT32);
      }
    }
  }

  private static void runStages(RunFolder folder, long seed, int threads) throws IOException {
    runStages(folder, settings(seed, RTO), threads);
  }

  private static void runStages(RunFolder folder, RunSettings settings, int threads)
      throws IOException {
    try (ComputePool pool = new ComputePool("test", threads);
        MetricsLog metrics = MetricsLog.open(folder.metrics())) {
      new Stages(settings, folder, pool, Progress.silent(), metrics).run();
    }
  }

  private static RunSettings settings(long seed, RtoSettings rto) {
    return settings(seed, new ModelSource.Scratch(16, 24, 1, 2, 1, 96), rto);
  }

  private static RunSettings settings(long seed, ModelSource model, RtoSettings rto) {
    StageSettings once = new StageSettings(1, 8, 4, 1e-3);
    return new RunSettings(
        seed,
        1,
        model,
        Optional.empty(),
        new DataSource.World(32, PROMPTS, 4),
        Optional.of(once),
        new PreferenceDataSettings(
            PAIRS, (double) HELD_OUT_PAIRS / PAIRS, 0.5, "micro-world:" + seed),
        RewardModelSettings.trained(once),
        new DpoLoss(0.1, 0),
        once,
        rto,
        Tiny.adam(),
        4,
        new Resources(1, 1, List.of("cpu"), 3, Duration.ofMinutes(5)));
  }

  private List<Preference> pairs(String name) {
    return PreferenceDataset.read(run.preferences().resolve(name)).examples();
  }

  private static Set<String> prompts(List<Preference> pairs) {
    return pairs.stream().map(Preference::prompt).collect(Collectors.toCollection(HashSet::new));
  }

  /** Of each stage, the sums of all its files. */
  private static Map<String, String> sums(RunFolder folder) {
    Map<String, String> sums = new TreeMap<>();
    for (Path stage :
        List.of(
            folder.base(),
            folder.prompts(),
            folder.preferences(),
            folder.rewardModel(),
            folder.dpo())) {
      try {
        WholeFolder.verify(stage);
        sums.put(stage.getFileName().toString(), Files.readString(stage.resolve("SHA256SUMS")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sums;
  }
}
