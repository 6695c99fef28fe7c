package rto.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import rto.checkpoint.WholeFolder;
import rto.data.catalog.GoldRewards;
import rto.lm.Decoder;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.dashboard.Report;
import rto.node.settings.Settings;
import rto.tensor.ComputePool;
import rto.train.Checkpoints;
import rto.train.Evaluator;
import rto.train.Models;
import rto.train.Responder;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;

/** What a finished run has to tell: every model on the same held-out prompts, and the curves. */
final class Summary {

  private static final int SAMPLES = 4;

  /** Responses of which each token's reward is shown. */
  private static final int PAID = 3;

  private static final String BASE = "base";
  private static final String DPO = "dpo";
  private static final String RTO = "rto";

  private final RunSettings settings;
  private final RunFolder folder;
  private final ComputePool pool;
  private final Progress progress;

  Summary(RunSettings settings, RunFolder folder, ComputePool pool, Progress progress) {
    this.settings = settings;
    this.folder = folder;
    this.pool = pool;
    this.progress = progress;
  }

  /**
   * One model's answers.
   *
   * @param kl mean KL to the base model in nats per response
   */
  private record Judged(String stage, Evaluator.Answers answers, double kl) {}

  Report report(String title, Stopwatch watch, String digest) throws IOException {
    try (Tokenizer tokenizer = settings.model().tokenizer(folder.base());
        Models models = Models.of(folder.base(), settings.lora());
        Decoder base = models.reference().frozen();
        Decoder policy = models.load(folder.policy()).frozen()) {
      List<Judged> judged = judged(tokenizer, models, base, policy);
      List<MetricsLog.Entry> log = MetricsLog.read(folder.metrics());
      List<Responder.Reply> last = judged.get(judged.size() - 1).answers().replies();
      return new Report(
          title,
          settings.seed(),
          watch.seconds(),
          digest,
          (long) settings.rto().iterations() * settings.rto().trajectories(),
          settings.rto().tokenReward().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          Settings.render(settings),
          judged.stream().map(one -> row(one, judged.get(0))).toList(),
          iterations(log),
          curves(log),
          samples(judged),
          new TokenPay(settings, folder, models)
              .of(last.subList(0, Math.min(PAID, last.size())), tokenizer, base, lastBeta2(log)),
          best());
    }
  }

  private Optional<Report.Best> best() throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder.checkpoints());
    return checkpoints
        .best()
        .map(best -> new Report.Best(relative(checkpoints.policy(best)), best.reward()));
  }

  private String relative(Path path) {
    return folder.root().relativize(path).toString();
  }

  /** The models on the same prompts, the base first and the policy last. */
  private List<Judged> judged(Tokenizer tokenizer, Models models, Decoder base, Decoder policy)
      throws IOException {
    Responder responder =
        new Responder(tokenizer, pool, progress, settings.rto().generationBatch());
    Evaluator evaluator =
        new Evaluator(
            responder,
            GoldRewards.byName(settings.preferences().gold()),
            TokenPay.sampling(settings),
            settings.seed());
    List<String> all = RunPrompts.read(folder).heldOut();
    List<String> prompts = all.subList(0, Math.min(all.size(), settings.evaluationPrompts()));
    List<Judged> judged = new ArrayList<>();
    judged.add(judged(BASE, evaluator, base, base, prompts));
    if (WholeFolder.exists(folder.dpo())) {
      try (Decoder dpo = models.load(folder.dpo()).frozen()) {
        judged.add(judged(DPO, evaluator, dpo, base, prompts));
      }
    }
    judged.add(judged(RTO, evaluator, policy, base, prompts));
    return judged;
  }

  private static Judged judged(
      String stage, Evaluator evaluator, Decoder model, Decoder base, List<String> prompts) {
    Evaluator.Answers answers = evaluator.answers(stage, model, prompts);
    return new Judged(stage, answers, evaluator.meanKl(answers, base));
  }

  private static Report.StageRow row(Judged judged, Judged base) {
    Evaluator.Answers answers = judged.answers();
    return new Report.StageRow(
        judged.stage(),
        answers.goldReward().estimate(),
        answers.goldReward().halfWidth(),
        answers.winRate(base.answers()).estimate(),
        judged.kl() / answers.meanLength(),
        answers.meanLength());
  }

  private static List<Report.Iteration> iterations(List<MetricsLog.Entry> log) {
    return log.stream()
        .filter(e -> e.stage().equals(RTO))
        .map(
            e ->
                new Report.Iteration(
                    e.step(),
                    e.numbers().get(MetricNames.REWARD.key()),
                    e.numbers().get(MetricNames.KL.key()),
                    e.numbers().get(MetricNames.LENGTH.key()),
                    new Report.Parts(
                        e.numbers().get(MetricNames.REWARD_DPO.key()),
                        e.numbers().get(MetricNames.REWARD_KL.key()),
                        e.numbers().get(MetricNames.REWARD_SENTENCE.key()),
                        e.numbers().get(MetricNames.REWARD_SHAPING.key())),
                    e.numbers().getOrDefault(MetricNames.STALENESS_1.key(), 0.0).longValue()))
        .toList();
  }

  private static List<Report.Curve> curves(List<MetricsLog.Entry> log) {
    List<Report.Curve> curves = new ArrayList<>();
    for (String stage : List.of("base", "reward-model", "dpo")) {
      for (MetricNames metric : List.of(MetricNames.LOSS, MetricNames.ACCURACY)) {
        List<Report.Point> points =
            log.stream()
                .filter(e -> e.stage().equals(stage) && e.numbers().containsKey(metric.key()))
                .map(e -> new Report.Point(e.step(), e.numbers().get(metric.key())))
                .toList();
        if (!points.isEmpty()) {
          curves.add(new Report.Curve(stage, metric.key(), points));
        }
      }
    }
    return curves;
  }

  private static List<Report.Sample> samples(List<Judged> judged) {
    List<Responder.Reply> replies = judged.get(0).answers().replies();
    return IntStream.range(0, Math.min(SAMPLES, replies.size()))
        .mapToObj(
            i ->
                new Report.Sample(
                    replies.get(i).prompt(), judged.stream().map(one -> response(one, i)).toList()))
        .toList();
  }

  private static Report.Response response(Judged judged, int i) {
    Evaluator.Answers answers = judged.answers();
    return new Report.Response(
        judged.stage(), answers.replies().get(i).text(), answers.scores()[i]);
  }

  /** β₂ of the last iteration, to which KL control has brought it. */
  private double lastBeta2(List<MetricsLog.Entry> log) {
    return log.stream()
        .filter(e -> e.stage().equals(RTO) && e.numbers().containsKey(MetricNames.BETA2.key()))
        .max(Comparator.comparingLong(MetricsLog.Entry::step))
        .map(e -> e.numbers().get(MetricNames.BETA2.key()))
        .orElseGet(() -> settings.rto().klControl().beta2());
  }
}
