package rto.node;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.PromptDataset;
import rto.data.PromptExample;
import rto.data.catalog.GoldRewards;
import rto.data.gold.GoldReward;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.Progress;
import rto.metrics.ProgressBars;
import rto.node.cli.Operations;
import rto.node.settings.Settings;
import rto.tensor.ComputePool;
import rto.train.Evaluator;
import rto.train.PreferenceMaker;
import rto.train.Responder;
import rto.train.RunFolder;
import rto.train.RunSettings;

/** What the commands do. */
final class Program implements Operations {

  private static final String QUICKSTART = "config/quickstart.conf";
  private static final int GENERATION_BATCH = 64;
  private static final double LABEL_TEMPERATURE = 1;

  /** The launcher tells where the program lies. */
  private static final String HOME = "rto.home";

  private final PrintStream out;
  private final Progress progress;

  Program(PrintStream out) {
    this(out, ProgressBars.onStderr());
  }

  Program(PrintStream out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  @Override
  public void quickstart(Quickstart options) throws Exception {
    List<String> overrides = new ArrayList<>(List.of("seed=" + options.seed()));
    overrides.addAll(options.overrides());
    Path config = Path.of(System.getProperty(HOME, ".")).resolve(QUICKSTART);
    train("RTO quickstart", Settings.load(config, overrides, RunSettings.class), options.out());
  }

  @Override
  public void train(Train options) throws Exception {
    RunSettings settings = Settings.load(options.config(), options.overrides(), RunSettings.class);
    train("RTO " + options.config().getFileName(), settings, options.out());
  }

  @Override
  public void resume(Resume options) throws Exception {
    RunFolder folder = new RunFolder(options.folder());
    if (!Files.exists(folder.config())) {
      throw new IllegalArgumentException(
          folder.root()
              + ": no run (expected: a folder with "
              + folder.config().getFileName()
              + ")");
    }
    RunSettings settings = Settings.load(folder.config(), List.of(), RunSettings.class);
    train("RTO " + folder.root().getFileName(), settings, folder.root());
  }

  private void train(String title, RunSettings settings, Path folder) throws Exception {
    out.println(title + ", seed " + settings.seed() + ", in " + folder);
    TrainingPipeline pipeline =
        new TrainingPipeline(title, settings, new RunFolder(folder), progress, out);
    Interruption.announcedOn(System.err, pipeline::run);
  }

  @Override
  public void generate(Generate options) throws Exception {
    withModel(
        options.model(),
        (model, responder) -> {
          Responder.Reply reply =
              responder
                  .respond(
                      "generate",
                      model,
                      List.of(options.prompt()),
                      options.sampling(),
                      options.seed(),
                      0)
                  .get(0);
          out.println(reply.prompt() + reply.text());
        });
  }

  @Override
  public void evaluate(Evaluate options) throws Exception {
    GoldReward gold = GoldRewards.byName(options.reward());
    List<String> prompts = prompts(options.prompts());
    withModel(
        options.model(),
        (model, responder) -> {
          Evaluator.Answers answers =
              new Evaluator(responder, gold, options.sampling(), options.seed())
                  .answers("model", model, model, prompts);
          EvaluationText.print(answers, gold.name(), out);
          if (options.out().isPresent()) {
            EvaluationText.write(answers, options.out().get());
          }
        });
  }

  @Override
  public void preferences(Preferences options) throws Exception {
    GoldReward gold = GoldRewards.byName(options.reward());
    List<String> prompts = prompts(options.prompts());
    withModel(
        options.model(),
        (model, responder) -> {
          List<Preference> pairs =
              new PreferenceMaker(responder, gold, LABEL_TEMPERATURE)
                  .make(model, prompts, prompts.size(), options.sampling(), options.seed());
          new PreferenceDataset(pairs).write(options.out());
          out.println(pairs.size() + " pairs in " + options.out());
        });
  }

  private static List<String> prompts(Path file) {
    return PromptDataset.read(file).examples().stream().map(PromptExample::prompt).toList();
  }

  /** What is done with a model. */
  @FunctionalInterface
  private interface Use {
    void with(Decoder model, Responder responder) throws Exception;
  }

  private void withModel(Path folder, Use use) throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    try (Decoder model = HfCheckpoint.load(folder);
        Tokenizer tokenizer = Tokenizer.ofModel(folder);
        ComputePool pool = new ComputePool("compute", threads)) {
      use.with(model, new Responder(tokenizer, pool, progress, GENERATION_BATCH));
    }
  }
}
