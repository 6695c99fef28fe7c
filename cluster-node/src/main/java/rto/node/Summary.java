package rto.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewards;
import rto.data.catalog.GoldRewards;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.TokenTexts;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.dashboard.Report;
import rto.node.settings.Settings;
import rto.protocol.Prompt;
import rto.protocol.Sampling;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.tensor.ComputePool;
import rto.train.Evaluator;
import rto.train.Responder;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;
import rto.train.Scoring;

/** What a finished run has to tell: every model on the same held-out prompts, and the curves. */
final class Summary {

  private static final int SAMPLES = 4;
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

  /** The three models. */
  private record Compared(Judged base, Judged dpo, Judged policy) {}

  Report report(String title, Stopwatch watch, String digest) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.ofModel(folder.base());
        Decoder base = HfCheckpoint.load(folder.base());
        Decoder dpo = HfCheckpoint.load(folder.dpo());
        Decoder policy = HfCheckpoint.load(folder.policy());
        Decoder reward = HfCheckpoint.load(folder.rewardModel())) {
      Compared compared = compare(tokenizer, base, dpo, policy);
      List<MetricsLog.Entry> log = MetricsLog.read(folder.metrics());
      return new Report(
          title,
          settings.seed(),
          watch.seconds(),
          digest,
          (long) settings.rto().iterations() * settings.rto().trajectories(),
          settings.rto().tokenReward().name().toLowerCase(Locale.ROOT),
          Settings.render(settings),
          rows(compared),
          iterations(log),
          curves(log),
          samples(compared),
          tokenRewards(
              compared.policy().answers().replies().get(0),
              tokenizer,
              base,
              dpo,
              reward,
              lastBeta2(log)));
    }
  }

  private Compared compare(Tokenizer tokenizer, Decoder base, Decoder dpo, Decoder policy) {
    RtoSettings rto = settings.rto();
    Responder responder = new Responder(tokenizer, pool, progress, rto.generationBatch());
    Evaluator evaluator =
        new Evaluator(
            responder,
            GoldRewards.byName(settings.preferences().gold()),
            sampling(),
            settings.seed());
    List<String> all = RunPrompts.read(folder).heldOut();
    List<String> prompts = all.subList(0, Math.min(all.size(), settings.evaluationPrompts()));
    return new Compared(
        judged(BASE, evaluator, base, base, prompts),
        judged(DPO, evaluator, dpo, base, prompts),
        judged(RTO, evaluator, policy, base, prompts));
  }

  /** All models answer at temperature 1, whatever the policy was trained at. */
  private Sampling sampling() {
    return Sampling.plain(settings.rto().maxNewTokens());
  }

  private static Judged judged(
      String stage, Evaluator evaluator, Decoder model, Decoder base, List<String> prompts) {
    Evaluator.Answers answers = evaluator.answers(stage, model, prompts);
    return new Judged(stage, answers, evaluator.meanKl(answers, base));
  }

  private static List<Report.StageRow> rows(Compared c) {
    return Stream.of(c.base(), c.dpo(), c.policy()).map(judged -> row(judged, c)).toList();
  }

  private static Report.StageRow row(Judged judged, Compared c) {
    Evaluator.Answers answers = judged.answers();
    return new Report.StageRow(
        judged.stage(),
        answers.goldReward().estimate(),
        answers.goldReward().halfWidth(),
        answers.winRate(c.base().answers()).estimate(),
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
                    e.numbers().get(MetricNames.LENGTH.key())))
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

  private static List<Report.Sample> samples(Compared c) {
    return IntStream.range(0, Math.min(SAMPLES, c.base().answers().replies().size()))
        .mapToObj(
            i ->
                new Report.Sample(
                    c.base().answers().replies().get(i).prompt(),
                    response(c.base(), i),
                    response(c.dpo(), i),
                    response(c.policy(), i)))
        .toList();
  }

  private static Report.Response response(Judged judged, int i) {
    Evaluator.Answers answers = judged.answers();
    return new Report.Response(answers.replies().get(i).text(), answers.scores()[i]);
  }

  /** β₂ of the last iteration, to which KL control has brought it. */
  private double lastBeta2(List<MetricsLog.Entry> log) {
    return log.stream()
        .filter(e -> e.stage().equals(RTO) && e.numbers().containsKey(MetricNames.BETA2.key()))
        .max(Comparator.comparingLong(MetricsLog.Entry::step))
        .map(e -> e.numbers().get(MetricNames.BETA2.key()))
        .orElseGet(() -> settings.rto().klControl().beta2());
  }

  /**
   * What each token of one response of the trained policy earns, all models read at the temperature
   * at which it was sampled.
   */
  private Report.TokenRewards tokenRewards(
      Responder.Reply reply,
      Tokenizer tokenizer,
      Decoder base,
      Decoder dpo,
      Decoder reward,
      double beta2) {
    Trajectory trajectory =
        new Trajectory(
            new Prompt(0, reply.promptTokens()),
            0,
            reply.response().tokens(),
            reply.response().logProbs(),
            reply.response().truncated(),
            settings.rto().iterations());
    TokenReward rule = settings.rto().rule();
    Scoring scoring = new Scoring(sampling().temperature(), settings.rto().microBatch());
    List<ScoredTrajectory> one = List.of(ScoredTrajectory.unscored(trajectory));
    ScoredTrajectory scored =
        scoring.reward(reward, scoring.dpo(dpo, scoring.reference(base, one))).get(0);
    TokenRewards rewards = rule.perToken(scored, beta2);
    List<String> texts = TokenTexts.of(tokenizer, reply.promptTokens(), reply.response().tokens());
    List<Report.Token> shown =
        IntStream.range(0, texts.size())
            .mapToObj(
                h ->
                    new Report.Token(
                        texts.get(h), rewards.dpo()[h], rewards.kl()[h], rewards.sentence()[h]))
            .toList();
    return new Report.TokenRewards(reply.prompt(), shown);
  }
}
