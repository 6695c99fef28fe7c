package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.TokenReward;
import rto.checkpoint.WholeFolder;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.settings.Settings;
import rto.tensor.ComputePool;
import rto.train.LocalRtoLoop;
import rto.train.Models;
import rto.train.PolicyLearner;
import rto.train.RewardModel;
import rto.train.RolloutPlan;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;
import rto.train.Stages;

/** The cluster, with real models and a real journal, against the plain loop. */
class OracleDigestTest {

  @TempDir static Path stages;
  @TempDir static Path temp;

  /** The oracle's digest of a run without overrides. */
  private static String plain;

  /** Base, preferences, reward model and DPO model are the same for all. */
  @BeforeAll
  static void makeStages() throws Exception {
    makeStages(settings(), stages);
    plain = oracle(settings());
  }

  private static void makeStages(RunSettings settings, Path folder) throws IOException {
    try (ComputePool pool = new ComputePool("stages", 2);
        MetricsLog metrics = MetricsLog.open(folder.resolve("metrics.jsonl"))) {
      new Stages(settings, new RunFolder(folder), pool, Progress.silent(), metrics).run();
    }
  }

  @Test
  void clusterEndsWithTheDigestOfThePlainLoopWhateverItsNumberOfWorkers() throws Exception {
    assertThat(plain).matches("[0-9a-f]{64}");
    assertThat(cluster(settings("resources.rollout-workers=1"))).isEqualTo(plain);
    assertThat(cluster(settings("resources.rollout-workers=3", "resources.compute-threads=1")))
        .isEqualTo(plain);
  }

  @Test
  void soItDoesWithoutADpoModel() throws Exception {
    RunSettings ppo = settings("rto.token-reward=ppo");

    assertThat(cluster(ppo)).isEqualTo(oracle(ppo)).isNotEqualTo(plain);
  }

  @Test
  void soItDoesWithoutACritic() throws Exception {
    RunSettings free = settings("rto.advantage=return-to-go");

    assertThat(cluster(free)).isEqualTo(oracle(free)).isNotEqualTo(plain);
  }

  @Test
  void soItDoesWithAdaptersOverOneBase() throws Exception {
    RunSettings adapted =
        settings("lora={rank=4,alpha=8,target-modules=[q_proj,v_proj,down_proj]}");
    Path made = copyOfStages().root();
    for (String stage : List.of("reward-model", "dpo")) {
      WholeFolder.delete(made.resolve(stage));
    }
    makeStages(adapted, made);

    assertThat(made.resolve("dpo/adapter_model.safetensors")).exists();
    assertThat(made.resolve("dpo/model.safetensors")).doesNotExist();
    assertThat(cluster(adapted, copy(made)))
        .isEqualTo(oracle(adapted, copy(made)))
        .isNotEqualTo(plain);
  }

  @Test
  void soItDoesWhereTheDpoRewardIsPaidBySentence() throws Exception {
    RunSettings semi = settings("rto.token-reward=semi-rto");

    assertThat(cluster(semi)).isEqualTo(oracle(semi)).isNotEqualTo(plain);
  }

  @Test
  void soItDoesWhereRolloutsOverlapWithLearning() throws Exception {
    RunSettings ahead = settings("rto.staleness=1", "resources.rollout-workers=1");
    RunSettings three = settings("rto.staleness=1", "resources.rollout-workers=3");

    assertThat(cluster(ahead)).isEqualTo(oracle(ahead)).isNotEqualTo(plain);
    assertThat(cluster(three)).isEqualTo(oracle(ahead));
  }

  /** The same weights under words in another order: what the reward model reads is another text. */
  @Test
  void soItDoesWithARewardModelThatHasATokenizerOfItsOwn() throws Exception {
    Path given = copyOfStages().rewardModel();
    Path tokenizer = given.resolve("tokenizer.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode file = (ObjectNode) json.readTree(tokenizer.toFile());
    ObjectNode vocabulary = (ObjectNode) file.path("model").path("vocab");
    int size = vocabulary.size();
    vocabulary.properties().stream()
        .filter(word -> word.getValue().asInt() >= 3)
        .toList()
        .forEach(word -> vocabulary.put(word.getKey(), size + 2 - word.getValue().asInt()));
    json.writeValue(tokenizer.toFile(), file);
    RunSettings settings = settings("reward-model.path=" + given);
    RunFolder made = copyOfStages();
    WholeFolder.delete(made.rewardModel());
    try (ComputePool pool = new ComputePool("stages", 2);
        MetricsLog metrics = MetricsLog.open(made.metrics())) {
      new Stages(settings, made, pool, Progress.silent(), metrics).run();
    }

    assertThat(cluster(settings, copy(made.root())))
        .isEqualTo(oracle(settings, copy(made.root())))
        .isNotEqualTo(plain);
  }

  private static RunSettings settings(String... overrides) {
    List<String> all =
        Stream.concat(
                Stream.of("rto.iterations=4", "rto.prompts-per-iteration=16"), Stream.of(overrides))
            .toList();
    return Settings.load(
        SmallRun.CONFIG, SmallRun.overrides(all.toArray(String[]::new)), RunSettings.class);
  }

  private static String cluster(RunSettings settings) throws Exception {
    return cluster(settings, copyOfStages());
  }

  private static String cluster(RunSettings settings, RunFolder folder) throws Exception {
    try (ComputePool pool = new ComputePool("cluster", settings.resources().threads());
        MetricsLog metrics = MetricsLog.open(folder.metrics())) {
      return new PolicyStage(settings, folder, pool, Progress.silent(), metrics).run();
    }
  }

  private static String oracle(RunSettings settings) throws IOException {
    return oracle(settings, copyOfStages());
  }

  private static String oracle(RunSettings settings, RunFolder folder) throws IOException {
    boolean dpoIsRead = settings.rto().needs().contains(TokenReward.Column.DPO);
    try (ComputePool pool = new ComputePool("oracle", 2);
        Tokenizer tokenizer = Tokenizer.ofModel(folder.base());
        Models models = Models.of(folder.base(), settings.lora());
        Decoder reference = models.reference();
        Decoder dpo = models.load(folder.dpo());
        RewardModel reward = RewardModel.load(settings.model(), folder, models);
        PolicyLearner learner = learner(settings, folder, models, tokenizer, pool)) {
      learner.restore(Optional.empty());
      List<int[]> prompts =
          RunPrompts.read(folder).train().stream().map(tokenizer::encode).toList();
      RolloutPlan plan =
          new RolloutPlan("rto", settings.rto(), prompts, tokenizer.endTokens(), settings.seed());
      Optional<Decoder> ifNeeded = dpoIsRead ? Optional.of(dpo) : Optional.empty();
      return new LocalRtoLoop(settings.rto(), plan, reference, ifNeeded, reward, learner)
          .run((iteration, numbers) -> {});
    }
  }

  private static PolicyLearner learner(
      RunSettings settings, RunFolder folder, Models models, Tokenizer tokenizer, ComputePool pool)
      throws IOException {
    int size = HfCheckpoint.config(folder.base()).vocabSize();
    return new PolicyLearner(
        settings.rto(),
        settings.rto().rule(() -> tokenizer.vocabulary(size)),
        settings.optimizer(),
        models,
        folder.rewardModel(),
        folder.checkpoints(),
        pool,
        settings.seed());
  }

  private static RunFolder copyOfStages() throws IOException {
    return copy(stages);
  }

  private static RunFolder copy(Path from) throws IOException {
    Path copy = Files.createTempDirectory(temp, "run");
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.filter(p -> !p.equals(from)).toList()) {
        Files.copy(path, copy.resolve(from.relativize(path)));
      }
    }
    return new RunFolder(copy);
  }
}
