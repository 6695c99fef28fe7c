package rto.node;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rto.checkpoint.WholeFolder;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.PromptDataset;
import rto.data.PromptExample;
import rto.data.PromptSplit;
import rto.data.catalog.GoldRewards;
import rto.data.gold.GoldReward;
import rto.lm.Decoder;
import rto.lm.io.ChatTemplate;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.PeftCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.Progress;
import rto.metrics.ProgressBars;
import rto.node.cli.Operations;
import rto.node.compare.ComparisonFolder;
import rto.node.dashboard.TheoryPage;
import rto.node.dashboard.TheoryReport;
import rto.node.dashboard.TheoryText;
import rto.node.settings.Settings;
import rto.protocol.Require;
import rto.protocol.Sampling;
import rto.tensor.ComputeDevice;
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
    train(RunFile.load(config, overrides), options.out());
  }

  @Override
  public void train(Train options) throws Exception {
    train(RunFile.load(options.config(), options.overrides()), options.out());
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
    train(Settings.load(folder.config(), options.overrides(), RunSettings.class), folder.root());
  }

  private void train(RunSettings settings, Path folder) throws Exception {
    String title = "RTO " + folder.toAbsolutePath().normalize().getFileName();
    SettingsCheck.require(settings, new RunFolder(folder));
    out.println(title + ", seed " + settings.seed() + ", in " + folder);
    TrainingPipeline pipeline =
        new TrainingPipeline(title, settings, new RunFolder(folder), progress, out);
    Interruption.announcedOn(System.err, "the same command, or rto resume,", pipeline::run);
  }

  @Override
  public void compare(Compare options) throws Exception {
    new CompareFile(options.config(), options.overrides())
        .compare(options, new ComparisonFolder(options.out()), progress, out);
  }

  @Override
  public void node(Node options) throws Exception {
    new ClusterProgram(out, progress).node(options);
  }

  @Override
  public void submit(Submit options) throws Exception {
    new ClusterProgram(out, progress).submit(options);
  }

  @Override
  public void control(Control options) throws Exception {
    new ClusterProgram(out, progress).control(options);
  }

  @Override
  public void local(Local options) throws Exception {
    new ClusterProgram(out, progress).local(options);
  }

  @Override
  public void generate(Generate options) throws Exception {
    withModel(
        options.model(),
        options.chat(),
        options.device(),
        (model, responder) -> {
          Responder.Reply reply =
              responder
                  .respond(
                      "generate",
                      model,
                      List.of(options.prompt()),
                      fitting(options.sampling(), model, responder, List.of(options.prompt())),
                      options.seed(),
                      0)
                  .get(0);
          out.println(options.chat() ? reply.text() : reply.prompt() + reply.text());
        });
  }

  @Override
  public void evaluate(Evaluate options) throws Exception {
    GoldReward gold = GoldRewards.byName(options.reward());
    List<String> prompts = prompts(options.prompts(), options.chat());
    withModel(
        options.model(),
        options.chat(),
        options.device(),
        (model, responder) -> {
          Evaluator.Answers answers =
              new Evaluator(
                      responder,
                      gold,
                      fitting(options.sampling(), model, responder, prompts),
                      options.seed())
                  .answers("model", model, prompts);
          EvaluationText.print(answers, gold.name(), out);
          if (options.out().isPresent()) {
            EvaluationText.write(answers, options.out().get());
          }
        });
  }

  @Override
  public void preferences(Preferences options) throws Exception {
    GoldReward gold = GoldRewards.byName(options.reward());
    List<String> prompts = prompts(options.prompts(), false);
    withModel(
        options.model(),
        false,
        options.device(),
        (model, responder) -> {
          Sampling sampling = fitting(options.sampling(), model, responder, prompts);
          PromptSplit.Pairs pairs =
              new PreferenceMaker(responder, gold, options.labelTemperature())
                  .make(
                      model, prompts, prompts.size(), options.heldOut(), sampling, options.seed());
          write(pairs.train(), options.out());
          if (options.heldOut() > 0) {
            write(pairs.heldOut(), heldOutFile(options.out()));
          }
        });
  }

  @Override
  public void merge(Merge options) throws Exception {
    if (!PeftCheckpoint.isAdapter(options.adapter())) {
      throw new IllegalArgumentException(
          options.adapter() + ": no adapter (expected: a folder with adapter_config.json)");
    }
    Path folder =
        options.model().isPresent()
            ? options.model().get()
            : PeftCheckpoint.base(options.adapter());
    WholeFolder.write(
        options.out(),
        into -> {
          try (Decoder whole = HfCheckpoint.loadMerged(options.adapter(), folder)) {
            Tokenizer.copyFiles(folder, into);
            HfCheckpoint.save(whole, into);
          }
        });
    out.println("model   " + options.out());
  }

  @Override
  public void theory(Theory options) throws Exception {
    TheoryReport report = new TheoryStudy(progress).run(options.seeds(), options.seed());
    out.print(TheoryText.of(report));
    if (options.out().isPresent()) {
      TheoryPage.write(report, options.out().get());
      out.println("page    " + options.out().get().resolve(TheoryPage.PAGE));
    }
  }

  @Override
  public void bench(Bench options) throws Exception {
    new BenchWork(progress, out).run(options);
  }

  @Override
  public void endurance(Operations.Endurance options) throws Exception {
    new BenchWork(progress, out).endure(options);
  }

  @Override
  public void journalCreate(JournalCreate options) throws Exception {
    JournalWork.create(options, out);
  }

  @Override
  public void journalServe(JournalServe options) throws Exception {
    JournalWork.serve(options, out);
  }

  private void write(List<Preference> pairs, Path file) {
    new PreferenceDataset(pairs).write(file);
    out.println(pairs.size() + " pairs in " + file);
  }

  /** {@code pairs.jsonl.gz} has its held-out part in {@code held-out-pairs.jsonl.gz}. */
  private static Path heldOutFile(Path file) {
    return file.resolveSibling("held-out-" + file.getFileName());
  }

  /** Fewer new tokens than asked for, if the model's positions do not reach; said on stderr. */
  private static Sampling fitting(
      Sampling wanted, Decoder model, Responder responder, List<String> prompts) {
    int longest =
        prompts.stream().mapToInt(p -> responder.tokenizer().encode(p).length).max().orElse(0);
    int left = model.config().maxPositions() - longest;
    if (left <= 0) {
      throw new IllegalArgumentException(
          "prompt: %s tokens (expected: fewer than the model's %s positions)"
              .formatted(longest, model.config().maxPositions()));
    }
    if (wanted.maxNewTokens() <= left) {
      return wanted;
    }
    System.err.printf(
        "max-new-tokens: %s, shortened to %s (the model has %s positions)%n",
        wanted.maxNewTokens(), left, model.config().maxPositions());
    return new Sampling(wanted.temperature(), wanted.topK(), wanted.topP(), left);
  }

  private static List<String> prompts(Path file, boolean chat) {
    List<String> prompts =
        PromptDataset.read(file).examples().stream().map(PromptExample::prompt).toList();
    Require.that(
        chat || prompts.stream().noneMatch(ChatTemplate::isConversation),
        "%s: lists of messages (expected: texts, without a chat template)",
        file);
    return prompts;
  }

  /** What is done with a model. */
  @FunctionalInterface
  private interface Use {
    void with(Decoder model, Responder responder) throws Exception;
  }

  private void withModel(Path folder, boolean chat, ComputeDevice device, Use use)
      throws Exception {
    Devices.choose(device);
    int threads = Runtime.getRuntime().availableProcessors();
    try (Decoder model = HfCheckpoint.load(folder).frozen();
        Tokenizer tokenizer = chat ? Tokenizer.ofChatModel(folder) : Tokenizer.ofModel(folder);
        ComputePool pool = new ComputePool("compute", threads)) {
      model.passes().type().requireSupported();
      use.with(model, new Responder(tokenizer, pool, progress, GENERATION_BATCH));
    }
  }
}
