package rto.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rto.algorithm.TokenReward;
import rto.checkpoint.WholeFolder;
import rto.data.CounterRandom;
import rto.data.Demonstration;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.PromptSplit;
import rto.data.catalog.GoldRewards;
import rto.data.world.MicroWorld;
import rto.data.world.WordTokenizerFiles;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricsLog;
import rto.metrics.ProcessMemory;
import rto.metrics.Progress;
import rto.protocol.Sampling;
import rto.tensor.ComputePool;
import rto.train.Tuning.Whole;

/**
 * The stages before the policy stage, each from the folders of those before it to a folder of its
 * own. A folder that is there and verifies is kept; one that is not is made, whole or not at all.
 * So a run that was killed goes on with the first stage that is missing.
 *
 * <pre>
 *   base ──▶ prompts ──▶ preferences ──▶ reward-model   trained, or a given one normalised
 *     └──────────────────────┴─────────▶ dpo        only if the token reward reads it
 * </pre>
 */
public final class Stages {

  /** Keys that separate the random streams of the stages. */
  private static final long SUPERVISED = 1;

  private static final long REWARD = 2;
  private static final long PREFERENCE = 3;
  private static final String REWARD_HELD_OUT = "reward-model-held-out";
  private static final String TRAIN = "train.jsonl";
  private static final String HELD_OUT = "held-out.jsonl";

  private final RunSettings settings;
  private final Tuning tuning;
  private final RunFolder folder;
  private final ComputePool pool;
  private final Progress progress;
  private final MetricsLog metrics;

  public Stages(
      RunSettings settings,
      RunFolder folder,
      ComputePool pool,
      Progress progress,
      MetricsLog metrics) {
    this.settings = settings;
    this.tuning = Tuning.of(settings.lora());
    this.folder = folder;
    this.pool = pool;
    this.progress = progress;
    this.metrics = metrics;
  }

  /** Makes whatever is missing, in order. */
  public void run() throws IOException {
    make(folder.base(), this::base);
    make(folder.prompts(), this::prompts);
    make(folder.preferences(), this::preferences);
    make(folder.rewardModel(), this::rewardModel);
    if (settings.rto().needs().contains(TokenReward.Column.DPO)) {
      preferenceModel(folder.dpo());
    }
  }

  /**
   * Checks that everything is made, and as it was written.
   *
   * @throws IOException naming what is missing or damaged
   */
  public static void verify(RunSettings settings, RunFolder folder) throws IOException {
    WholeFolder.verify(folder.base());
    WholeFolder.verify(folder.prompts());
    WholeFolder.verify(folder.preferences());
    WholeFolder.verify(folder.rewardModel());
    if (settings.rto().needs().contains(TokenReward.Column.DPO)) {
      WholeFolder.verify(folder.dpo());
    }
  }

  /**
   * The preference stage alone, from the folder's base and preferences to a folder that may be
   * another one's: several losses can learn from the same pairs.
   */
  public void preferenceModel(Path target) throws IOException {
    make(target, this::dpo);
  }

  /** The tokenizer that all models of the run share. */
  public Tokenizer tokenizer() throws IOException {
    return settings.model().tokenizer(folder.base());
  }

  private static void make(Path target, WholeFolder.Content stage) throws IOException {
    if (WholeFolder.exists(target)) {
      WholeFolder.verify(target);
    } else {
      WholeFolder.write(target, stage);
      ProcessMemory.giveBack();
    }
  }

  private void base(Path into) throws IOException {
    ComputeType type = settings.model().computeType();
    if (settings.supervised().isPresent()) {
      try (Decoder model = first(into).in(type)) {
        supervised(model, into, settings.supervised().get());
        save(model, into);
      }
    } else {
      try (Decoder model = first(into)) {
        HfCheckpoint.save(model, into, type);
      }
    }
  }

  private void supervised(Decoder model, Path into, StageSettings supervised) throws IOException {
    List<Demonstration> demonstrations = settings.data().demonstrations(settings.seed());
    try (Tokenizer tokenizer = settings.model().tokenizer(into, model.config())) {
      List<Sequence> examples =
          demonstrations.stream()
              .map(d -> tokenizer.encode(d.prompt(), d.response(), true))
              .toList();
      SftStage stage = new SftStage(loop("base", supervised), pool);
      // A model from scratch has nothing yet that an adapter could lie over.
      Tuning first = settings.model() instanceof ModelSource.Scratch ? new Whole() : tuning;
      first.inPlace(model, seed(SUPERVISED), one -> stage.run(one, examples, seed(SUPERVISED)));
    }
  }

  /** The first model; its tokenizer's files are put into the folder. */
  private Decoder first(Path into) throws IOException {
    if (settings.model() instanceof ModelSource.Checkpoint checkpoint) {
      Tokenizer.copyFiles(checkpoint.path(), into);
      return HfCheckpoint.loadMerged(checkpoint.path());
    }
    List<String> words = MicroWorld.generate(settings.seed()).words();
    WordTokenizerFiles.write(into, words);
    List<String> special = WordTokenizerFiles.SPECIAL_TOKENS;
    DecoderConfig config =
        ((ModelSource.Scratch) settings.model())
            .config(special.size() + words.size(), special.indexOf("<s>"), special.indexOf("</s>"));
    return new Decoder(config, Weights.random(config, settings.seed()));
  }

  private void prompts(Path into) throws IOException {
    RunPrompts prompts =
        settings.data() instanceof DataSource.Given given
            ? new RunPrompts(given.prompts(settings.seed()), given.heldOutPrompts(settings.seed()))
            : written((DataSource.Openings) settings.data());
    prompts.write(into);
  }

  private RunPrompts written(DataSource.Openings wanted) throws IOException {
    try (Models models = models();
        Decoder base = models.reference();
        Tokenizer tokenizer = tokenizer()) {
      return new OpeningWriter(tokenizer, pool, progress, settings.rto().generationBatch())
          .write(base, wanted, settings.seed());
    }
  }

  private void preferences(Path into) throws IOException {
    Optional<PreferenceDataset> labelled = settings.data().preferences();
    PromptSplit.Pairs pairs =
        labelled.isPresent() ? split(labelled.get().examples()) : sampledPreferences();
    if (pairs.train().isEmpty() || pairs.heldOut().isEmpty()) {
      throw new IllegalStateException(
          "preferences: %s pairs to train on, %s held out %s"
              .formatted(
                  pairs.train().size(),
                  pairs.heldOut().size(),
                  "(expected: some of each; too many responses were empty)"));
    }
    new PreferenceDataset(pairs.train()).write(into.resolve(TRAIN));
    new PreferenceDataset(pairs.heldOut()).write(into.resolve(HELD_OUT));
  }

  private PromptSplit.Pairs split(List<Preference> pairs) {
    List<String> prompts = pairs.stream().map(Preference::prompt).toList();
    return PromptSplit.of(prompts, settings.preferences().heldOut()).split(pairs);
  }

  private PromptSplit.Pairs sampledPreferences() throws IOException {
    PreferenceDataSettings p = settings.preferences();
    RtoSettings rto = settings.rto();
    try (Models models = models();
        Decoder base = models.reference();
        Tokenizer tokenizer = tokenizer()) {
      Responder responder = new Responder(tokenizer, pool, progress, rto.generationBatch());
      return new PreferenceMaker(responder, GoldRewards.byName(p.gold()), p.labelTemperature())
          .make(
              base,
              RunPrompts.read(folder).train(),
              p.pairs(),
              p.heldOut(),
              Sampling.plain(rto.maxNewTokens()),
              settings.seed());
    }
  }

  private void rewardModel(Path into) throws IOException {
    Path tokenizer = settings.rewardModel().path().orElse(folder.base());
    RewardModelStage.Result result = rewardModel();
    try (Decoder model = result.model()) {
      metrics.dropFrom(REWARD_HELD_OUT, 0);
      metrics.append(new MetricsLog.Entry(REWARD_HELD_OUT, 0, result.heldOut()));
      Tokenizer.copyFiles(tokenizer, into);
      save(model, into);
    }
  }

  private RewardModelStage.Result rewardModel() throws IOException {
    RewardModelStage stage =
        new RewardModelStage(loop("reward-model", settings.rewardModel().training()), tuning, pool);
    if (settings.rewardModel().path().isPresent()) {
      Path given = settings.rewardModel().path().get();
      try (Tokenizer own = settings.model().tokenizer(given)) {
        Decoder model = HfCheckpoint.loadMerged(given).in(settings.model().computeType());
        return stage.given(model, pairs(HELD_OUT, own));
      }
    }
    try (Models models = models();
        Decoder base = models.reference();
        Tokenizer tokenizer = tokenizer()) {
      return stage.run(base, pairs(TRAIN, tokenizer), pairs(HELD_OUT, tokenizer), seed(REWARD));
    }
  }

  private void dpo(Path into) throws IOException {
    try (Models models = models();
        Decoder base = models.reference();
        Tokenizer tokenizer = tokenizer();
        Decoder model =
            new PreferenceStage(loop("dpo", settings.dpo()), tuning, pool)
                .run(base, settings.preferenceLoss(), pairs(TRAIN, tokenizer), seed(PREFERENCE))) {
      Tokenizer.copyFiles(folder.base(), into);
      save(model, into);
    }
  }

  /** Over the run's base, if it is an adapter. */
  private void save(Decoder model, Path into) throws IOException {
    try (Models models = models()) {
      models.save(model, into);
    }
  }

  private Models models() {
    return Models.of(folder.base(), settings.lora());
  }

  private List<Pair> pairs(String file, Tokenizer tokenizer) {
    return PreferenceDataset.read(folder.preferences().resolve(file)).examples().stream()
        .map(p -> pair(p, tokenizer))
        .toList();
  }

  private static Pair pair(Preference p, Tokenizer tokenizer) {
    return new Pair(
        tokenizer.encode(p.prompt(), p.chosen(), !p.chosenTruncated()),
        tokenizer.encode(p.prompt(), p.rejected(), !p.rejectedTruncated()));
  }

  private TrainingLoop loop(String stage, StageSettings stageSettings) {
    return new TrainingLoop(stage, stageSettings, settings.optimizer(), progress, metrics);
  }

  private long seed(long stage) {
    return CounterRandom.of(settings.seed(), stage);
  }
}
