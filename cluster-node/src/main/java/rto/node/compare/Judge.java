package rto.node.compare;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import rto.data.catalog.GoldRewards;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.Interval;
import rto.metrics.Progress;
import rto.node.dashboard.ComparisonReport.Measures;
import rto.protocol.Sampling;
import rto.tensor.ComputePool;
import rto.train.Evaluator;
import rto.train.Responder;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * Measures models of one seed on its judging prompts: all answer the same prompts with the same
 * random numbers, at temperature 1.
 */
final class Judge implements AutoCloseable {

  private final Evaluator evaluator;
  private final List<String> prompts;
  private final Tokenizer tokenizer;
  private final Decoder first;

  Judge(RunSettings settings, RunFolder shared, List<String> prompts, ComputePool pool)
      throws IOException {
    this.prompts = prompts;
    this.tokenizer = settings.model().tokenizer(shared.base());
    this.first = HfCheckpoint.load(shared.base());
    this.evaluator =
        new Evaluator(
            new Responder(tokenizer, pool, Progress.silent(), settings.rto().generationBatch()),
            GoldRewards.byName(settings.preferences().gold()),
            Sampling.plain(settings.rto().maxNewTokens()),
            settings.seed());
  }

  /** Figures, and the gold reward of each answer. */
  record Verdict(Measures measures, double[] scores) {

    /** Of a model that could not be trained. */
    static final Verdict NONE =
        new Verdict(
            new Measures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN),
            new double[0]);
  }

  Decoder first() {
    return first;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * @param judging the first so many prompts
   * @param firstScores gold rewards of the first model's answers to at least these
   */
  Verdict judge(Decoder model, int judging, double[] firstScores) {
    Evaluator.Answers answers = evaluator.answers("arm", model, prompts.subList(0, judging));
    double kl = evaluator.meanKl(answers, first);
    double[] scores = answers.scores();
    double wins = Interval.ofWinRate(scores, Arrays.copyOf(firstScores, scores.length)).estimate();
    double length = answers.meanLength();
    return new Verdict(
        new Measures(Arrays.stream(scores).average().orElse(0), wins, kl, kl / length, length),
        scores);
  }

  /** The first model itself: it draws with itself. */
  Verdict judgeFirst(int judging) {
    Evaluator.Answers answers = evaluator.answers("arm", first, prompts.subList(0, judging));
    double[] scores = answers.scores();
    double gold = Arrays.stream(scores).average().orElse(0);
    return new Verdict(new Measures(gold, 0.5, 0, 0, answers.meanLength()), scores);
  }

  @Override
  public void close() {
    first.close();
    tokenizer.close();
  }
}
