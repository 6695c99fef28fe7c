package rto.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import rto.protocol.Require;

/**
 * Searches for the response that the best policy likes most, asking for rewards and counting the
 * questions [P §3.2].
 *
 * <p>With rewards of whole responses nothing can be left out: the last response that was not asked
 * about may be the best. With token rewards r* a prefix tells its probability under π*, and where
 * some response has π*(y) ≥ A^−ξ, a prefix below that leads to nothing better and is dropped:
 *
 * <pre>
 *   alive at length h ≤ A^min(ξ, h)           their probabilities add up to at most 1
 *   asked at length h ≤ A^min(ξ+1, h)         every token after every one of them
 * </pre>
 *
 * A question is the reward of one token after one prefix; a response of H tokens is H questions.
 * Questions over H are the responses that the search pays for, at most A^min(ξ+1, H). Where a token
 * reward can be had together with those of a whole response only, the search may need up to H times
 * as many: each wrong response may show no more than the place where it went wrong.
 */
public final class QuerySearch {

  /** Keeps a prefix of exactly A^−ξ alive. */
  private static final double ROUNDING = 1e-9;

  private QuerySearch() {}

  /**
   * What was found, and what it took.
   *
   * @param response the most likely one
   * @param asked [H], token rewards asked for at each place
   */
  public record Found(int response, long[] asked) {

    /** The questions in whole responses. */
    public double responses() {
      return (double) IntStream.range(0, asked.length).mapToLong(h -> asked[h]).sum()
          / asked.length;
    }

    /** The most questions at one place. */
    public long widest() {
      return IntStream.range(0, asked.length).mapToLong(h -> asked[h]).max().orElseThrow();
    }
  }

  /** The reward of a response. */
  @FunctionalInterface
  public interface SentenceRewards {
    double of(int response);
  }

  /** r* = β log(π*(a|s) / π_ref(a|s)) of a step. */
  @FunctionalInterface
  public interface TokenRewards {
    double of(int step);
  }

  /** log π*(y) = log π_ref(y) + R(y)/β − a constant: asks about every response. */
  public static Found bySentences(TabularPolicy reference, double beta, SentenceRewards rewards) {
    TokenTree tree = reference.tree();
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    long asked = 0;
    for (int y = 0; y < tree.responses(); y++) {
      double score = reference.logProb(y) + rewards.of(y) / beta;
      asked++;
      if (score > highest) {
        highest = score;
        best = y;
      }
    }
    long everyPlace = asked;
    return new Found(best, IntStream.range(0, tree.horizon()).mapToLong(h -> everyPlace).toArray());
  }

  /**
   * Prefix by prefix, place by place.
   *
   * @param xi some response has π*(y) ≥ A^−ξ
   * @throws IllegalArgumentException if none has
   */
  public static Found byTokens(
      TabularPolicy reference, double beta, double xi, TokenRewards rewards) {
    TokenTree tree = reference.tree();
    double threshold = -xi * Math.log(tree.tokens()) - ROUNDING;
    List<Prefix> alive = List.of(new Prefix(0, 0));
    long[] asked = new long[tree.horizon()];
    for (int h = 0; h < asked.length; h++) {
      List<Prefix> longer = new ArrayList<>();
      for (Prefix prefix : alive) {
        for (int a = 0; a < tree.tokens(); a++) {
          int step = tree.step(prefix.node(), a);
          asked[h]++;
          double logProb = prefix.logProb() + reference.logProbs()[step] + rewards.of(step) / beta;
          if (logProb >= threshold) {
            longer.add(new Prefix(tree.after(step), logProb));
          }
        }
      }
      Require.that(!longer.isEmpty(), "xi: %s (expected: A^-xi <= the largest pi*(y))", xi);
      alive = longer;
    }
    Prefix best = alive.get(0);
    for (Prefix prefix : alive) {
      best = prefix.logProb() > best.logProb() ? prefix : best;
    }
    return new Found(best.node() - tree.nodes(), asked);
  }

  private record Prefix(int node, double logProb) {}
}
