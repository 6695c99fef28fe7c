package rto.node.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rto.algorithm.TokenReward;
import rto.checkpoint.WholeFolder;
import rto.lm.Decoder;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.compare.ComparisonSettings.Curve;
import rto.node.compare.ComparisonSettings.Trains;
import rto.node.dashboard.ComparisonReport.Point;
import rto.node.settings.Settings;
import rto.protocol.Diverged;
import rto.tensor.ComputePool;
import rto.tensor.ComputeThread;
import rto.train.LocalRtoLoop;
import rto.train.Models;
import rto.train.PolicyLearner;
import rto.train.RewardModel;
import rto.train.RolloutPlan;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;
import rto.train.Stages;

/**
 * Trains one arm in one seed from what the seed's arms share, and judges it.
 *
 * @param settings of this run
 * @param base of the run without the arm's overrides
 * @param shared the seed's folder
 * @param folder the run's own
 * @param first the first model's outcome in this seed
 * @param curve absent if only the end counts
 */
record ArmRun(
    RunSettings settings,
    RunSettings base,
    RunFolder shared,
    Path folder,
    Outcome first,
    Optional<Curve> curve,
    ComputePool pool) {

  private static final String STAGE = "rto";

  /** What training left: the model's verdict, points on the way, the digest; or why nothing. */
  private record Trained(Judge.Verdict end, List<Point> curve, String digest, String diverged) {

    Trained(Judge.Verdict end, List<Point> curve, String digest) {
      this(end, curve, digest, "");
    }

    static Trained diverged(Diverged reason) {
      return new Trained(Judge.Verdict.NONE, List.of(), "", reason.getMessage());
    }
  }

  /**
   * Trains from the beginning: a run that was interrupted leaves nothing to go on from. One that
   * diverges has an outcome without measures.
   */
  Outcome run(ComparisonSettings.Arm arm, List<String> overrides, List<String> prompts)
      throws IOException {
    long start = System.nanoTime();
    // A model that lies there may be one of other settings.
    WholeFolder.delete(folder);
    Files.createDirectories(folder);
    try (Judge judge = new Judge(base, shared, prompts, pool);
        MetricsLog metrics = MetricsLog.open(folder.resolve("metrics.jsonl"))) {
      Trained trained = unlessDiverged(arm.trains(), judge, prompts.size(), metrics);
      Outcome outcome =
          new Outcome(
              arm.name(),
              settings.seed(),
              Settings.sha256(settings.identity()),
              overrides,
              trained.end().measures(),
              trained.curve(),
              trained.end().scores(),
              (System.nanoTime() - start) / 1e9,
              trained.digest(),
              trained.diverged());
      outcome.write(ComparisonFolder.outcome(folder));
      return outcome;
    }
  }

  /** A run that diverges will always do so: that is what came out. */
  private Trained unlessDiverged(Trains what, Judge judge, int prompts, MetricsLog metrics)
      throws IOException {
    try {
      return switch (what) {
        case NOTHING -> new Trained(judge.judgeFirst(prompts), List.of(), "");
        case PREFERENCE -> preference(judge, prompts, metrics);
        case POLICY -> policy(judge, prompts, metrics);
      };
    } catch (Diverged reason) {
      return Trained.diverged(reason);
    }
  }

  private Trained preference(Judge judge, int prompts, MetricsLog metrics) throws IOException {
    Path target = preferenceModel();
    new Stages(settings, shared, pool, Progress.silent(), metrics).preferenceModel(target);
    try (Models models = models();
        Decoder model = models.load(target)) {
      return new Trained(judge.judge(model, prompts, first.scores()), List.of(), "");
    }
  }

  /** The shared one, if that is what this arm would train. */
  private Path preferenceModel() {
    boolean same =
        settings.preferenceLoss().equals(base.preferenceLoss())
            && settings.dpo().equals(base.dpo());
    return same ? shared.dpo() : folder.resolve("model");
  }

  private Trained policy(Judge judge, int prompts, MetricsLog metrics) throws IOException {
    RtoSettings rto = settings.rto();
    TokenReward rule = rule(judge);
    Models models = models();
    Optional<Decoder> dpo =
        rule.needs().contains(TokenReward.Column.DPO)
            ? Optional.of(models.load(shared.dpo()))
            : Optional.empty();
    try (models;
        RewardModel reward = RewardModel.load(settings.model(), shared, models);
        PolicyLearner learner = learner(rule, models);
        ComputeThread thread = new ComputeThread("arm")) {
      return thread.call(
          () -> {
            learner.restore(Optional.empty());
            List<Point> points = new ArrayList<>(first.curve());
            LocalRtoLoop loop =
                new LocalRtoLoop(rto, plan(judge), judge.first(), dpo, reward, learner);
            String digest =
                loop.run(
                    (iteration, numbers) -> {
                      log(metrics, iteration, numbers);
                      point(judge, models, learner, iteration + 1).ifPresent(points::add);
                    });
            try (Decoder policy = policyOf(learner, models)) {
              Judge.Verdict end = judge.judge(policy, prompts, first.scores());
              return new Trained(end, curve.isPresent() ? points : List.of(), digest);
            }
          });
    } finally {
      dpo.ifPresent(Decoder::close);
    }
  }

  private TokenReward rule(Judge judge) {
    int size = judge.first().config().vocabSize();
    return settings.rto().rule(() -> judge.tokenizer().vocabulary(size));
  }

  private Models models() {
    return Models.of(shared.base(), settings.lora());
  }

  private PolicyLearner learner(TokenReward rule, Models models) {
    return new PolicyLearner(
        settings.rto(),
        rule,
        settings.optimizer(),
        models,
        shared.rewardModel(),
        folder.resolve("checkpoints"),
        pool,
        settings.seed());
  }

  private RolloutPlan plan(Judge judge) {
    List<int[]> prompts =
        RunPrompts.read(shared).train().stream().map(judge.tokenizer()::encode).toList();
    return new RolloutPlan(
        STAGE, settings.rto(), prompts, judge.tokenizer().endTokens(), settings.seed());
  }

  /** The curve's point after so many iterations, if it has one there. */
  private Optional<Point> point(Judge judge, Models models, PolicyLearner learner, int learned) {
    boolean wanted =
        curve.isPresent()
            && (learned % curve.get().every() == 0 || learned == settings.rto().iterations());
    if (!wanted) {
      return Optional.empty();
    }
    try (Decoder policy = policyOf(learner, models)) {
      Judge.Verdict verdict = judge.judge(policy, curve.get().prompts(), first.scores());
      long rollouts = (long) learned * settings.rto().trajectories();
      return Optional.of(new Point(rollouts, verdict.measures()));
    }
  }

  private static Decoder policyOf(PolicyLearner learner, Models models) {
    try (PolicyLearner.Snapshot policy = learner.snapshot()) {
      return models.read(policy.ref(), policy.file().channel());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void log(MetricsLog metrics, int iteration, Map<String, Double> numbers) {
    try {
      metrics.append(new MetricsLog.Entry(STAGE, iteration, numbers));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
