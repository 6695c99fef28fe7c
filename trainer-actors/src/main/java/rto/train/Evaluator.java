package rto.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import rto.data.gold.GoldReward;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.metrics.Interval;
import rto.protocol.Sampling;
import rto.tensor.ComputePool;

/**
 * How good a model is by the gold reward, on prompts that it was not trained on. All models answer
 * the same prompts with the same random numbers.
 */
public final class Evaluator {

  private static final long STREAM = 21;
  private static final int MICRO_BATCH = 64;

  private final Responder responder;
  private final GoldReward gold;
  private final Sampling sampling;
  private final long seed;

  public Evaluator(Responder responder, GoldReward gold, Sampling sampling, long seed) {
    this.responder = responder;
    this.gold = gold;
    this.sampling = sampling;
    this.seed = seed;
  }

  /**
   * One model's answers.
   *
   * @param scores gold reward of each reply
   */
  public record Answers(List<Responder.Reply> replies, double[] scores) {

    /** Mean gold reward with its 95 % interval. */
    public Interval goldReward() {
      return Interval.ofMean(scores);
    }

    /** How often these answers beat the others', by gold reward; ties count half. */
    public Interval winRate(Answers others) {
      return Interval.ofWinRate(scores, others.scores);
    }

    /** Mean response length in tokens. */
    public double meanLength() {
      return replies.stream().mapToInt(r -> r.response().tokens().length).average().orElse(0);
    }
  }

  /** Samples one response per prompt and scores it. */
  public Answers answers(String name, Decoder model, List<String> prompts) {
    List<Responder.Reply> replies =
        responder.respond("evaluate " + name, model, prompts, sampling, seed, STREAM);
    double[] scores =
        replies.stream()
            .mapToDouble(r -> gold.score(r.prompt(), r.text(), r.response().truncated()))
            .toArray();
    return new Answers(replies, scores);
  }

  /**
   * Mean KL of the model that gave these answers to {@code base}, in nats per response: the mean of
   * Σ_h log π − log π_base. Greedy answers have none.
   */
  public double meanKl(Answers answers, Decoder base) {
    List<Responder.Reply> replies = answers.replies();
    List<Sequence> sequences =
        replies.stream().map(r -> new Sequence(r.promptTokens(), r.response().tokens())).toList();
    List<Callable<List<float[]>>> pieces =
        Batching.inOrder(sequences, MICRO_BATCH).stream()
            .<Callable<List<float[]>>>map(
                part -> () -> base.logProbs(part, sampling.temperature(), part.size()))
            .toList();
    List<float[]> baseLogProbs = new ArrayList<>();
    ComputePool pool = responder.pool();
    pool.forEachInOrder(pieces, baseLogProbs::addAll);
    return IntStream.range(0, replies.size())
        .mapToDouble(i -> sum(replies.get(i).response().logProbs()) - sum(baseLogProbs.get(i)))
        .average()
        .orElse(0);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
