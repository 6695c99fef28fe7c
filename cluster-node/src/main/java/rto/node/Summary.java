package rto.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import rto.algorithm.KlController;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewards;
import rto.data.catalog.GoldRewards;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
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

  /** The answers of the three models. */
  private record Compared(
      Evaluator.Answers base, Evaluator.Answers dpo, Evaluator.Answers policy) {}

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
          tokenRewards(compared.policy().replies().get(0), tokenizer, base, dpo, reward));
    }
  }

  private Compared compare(Tokenizer tokenizer, Decoder base, Decoder dpo, Decoder policy) {
    RtoSettings rto = settings.rto();
    Responder responder = new Responder(tokenizer, pool, progress, rto.generationBatch());
    Evaluator evaluator =
        new Evaluator(
            responder,
            GoldRewards.byName(settings.preferences().gold()),
            Sampling.plain(rto.maxNewTokens()),
            settings.seed());
    List<String> all = settings.data().heldOutPrompts(settings.seed());
    List<String> prompts = all.subList(0, Math.min(all.size(), settings.evaluationPrompts()));
    return new Compared(
        evaluator.answers(BASE, base, base, prompts),
        evaluator.answers(DPO, dpo, base, prompts),
        evaluator.answers(RTO, policy, base, prompts));
  }

  private static List<Report.StageRow> rows(Compared c) {
    return List.of(row(BASE, c.base(), c), row(DPO, c.dpo(), c), row(RTO, c.policy(), c));
  }

  private static Report.StageRow row(String stage, Evaluator.Answers answers, Compared c) {
    return new Report.StageRow(
        stage,
        answers.goldReward().estimate(),
        answers.goldReward().halfWidth(),
        answers.winRate(c.base()).estimate(),
        answers.meanKl() / answers.meanLength(),
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
    return IntStream.range(0, Math.min(SAMPLES, c.base().replies().size()))
        .mapToObj(
            i ->
                new Report.Sample(
                    c.base().replies().get(i).prompt(),
                    response(c.base(), i),
                    response(c.dpo(), i),
                    response(c.policy(), i)))
        .toList();
  }

  private static Report.Response response(Evaluator.Answers answers, int i) {
    return new Report.Response(answers.replies().get(i).text(), answers.scores()[i]);
  }

  /** What each token of one response of the trained policy earns. */
  private Report.TokenRewards tokenRewards(
      Responder.Reply reply, Tokenizer tokenizer, Decoder base, Decoder dpo, Decoder reward) {
    Trajectory trajectory =
        new Trajectory(
            new Prompt(0, reply.promptTokens()),
            0,
            reply.response().tokens(),
            reply.response().logProbs(),
            reply.response().truncated(),
            settings.rto().iterations());
    TokenReward rule = settings.rto().rule();
    Scoring scoring = new Scoring(settings.rto().temperature(), settings.rto().microBatch());
    List<ScoredTrajectory> one = List.of(ScoredTrajectory.unscored(trajectory));
    ScoredTrajectory scored =
        scoring.reward(reward, scoring.dpo(dpo, scoring.reference(base, one))).get(0);
    KlController kl = settings.rto().klControl();
    TokenRewards rewards = rule.perToken(scored, kl.beta2());
    int[] tokens = trajectory.response();
    List<Report.Token> shown =
        IntStream.range(0, tokens.length)
            .mapToObj(
                h ->
                    new Report.Token(
                        pieces(tokenizer, reply.promptTokens(), tokens, h),
                        rewards.dpo()[h],
                        rewards.kl()[h],
                        rewards.sentence()[h]))
            .toList();
    return new Report.TokenRewards(reply.prompt(), shown);
  }

  /** The text that token h adds to what stands before it. */
  private static String pieces(Tokenizer tokenizer, int[] prompt, int[] tokens, int h) {
    if (tokens[h] == tokenizer.eosToken()) {
      return " ⏎";
    }
    String before = h == 0 ? "" : tokenizer.decodeResponse(prompt, firstOf(tokens, h));
    return tokenizer.decodeResponse(prompt, firstOf(tokens, h + 1)).substring(before.length());
  }

  private static int[] firstOf(int[] tokens, int n) {
    return Arrays.copyOf(tokens, n);
  }
}
