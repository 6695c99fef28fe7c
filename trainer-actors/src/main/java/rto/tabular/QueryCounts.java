package rto.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How many questions the searches of {@link QuerySearch} ask on trees of every size: on random
 * instances with a response of probability A^−ξ, and on the instance that is hardest for tokens.
 */
public final class QueryCounts {

  private static final double BETA = 0.5;

  private QueryCounts() {}

  /**
   * One size of tree.
   *
   * @param bySentences responses asked about, the most over all instances
   * @param byTokens the same with token rewards, in whole responses
   * @param widest the most token rewards asked for at one place
   * @param formula A^min(ξ+1, H)
   * @param instances searched
   * @param found in how many both searches ended with a response that no other is better than
   */
  public record Row(
      int tokens,
      int horizon,
      int xi,
      long bySentences,
      double byTokens,
      long widest,
      long formula,
      int instances,
      int found) {}

  /** Counts on {@code random} random instances and the hardest one. */
  public static Row of(int tokens, int horizon, int xi, int random, long seed) {
    TokenTree tree = new TokenTree(tokens, horizon);
    List<TabularMdp> instances = new ArrayList<>(List.of(hardest(tree, xi)));
    Random numbers = new Random(seed);
    for (int i = 0; i < random; i++) {
      instances.add(withLikelyResponse(random(tree, numbers), xi, numbers));
    }
    List<Searched> searched = instances.stream().map(mdp -> Searched.of(mdp, xi)).toList();
    return new Row(
        tokens,
        horizon,
        xi,
        (long) searched.stream().mapToDouble(s -> s.sentences().responses()).max().orElseThrow(),
        searched.stream().mapToDouble(s -> s.tokens().responses()).max().orElseThrow(),
        searched.stream().mapToLong(s -> s.tokens().widest()).max().orElseThrow(),
        Math.round(Math.pow(tokens, Math.min(xi + 1, horizon))),
        searched.size(),
        (int) searched.stream().filter(Searched::foundTheBest).count());
  }

  /** Both searches on one instance. */
  private record Searched(
      QuerySearch.Found sentences, QuerySearch.Found tokens, boolean foundTheBest) {

    static Searched of(TabularMdp mdp, int xi) {
      TabularPolicy best = SoftOptimum.of(mdp).policy();
      double[] dpo = DpoReward.of(best, mdp.reference(), mdp.beta());
      QuerySearch.Found sentences =
          QuerySearch.bySentences(mdp.reference(), mdp.beta(), mdp::sentenceReward);
      QuerySearch.Found tokens =
          QuerySearch.byTokens(mdp.reference(), mdp.beta(), xi, step -> dpo[step]);
      double highest = best.logProb(best.mode());
      return new Searched(
          sentences,
          tokens,
          best.logProb(sentences.response()) > highest - 1e-9
              && best.logProb(tokens.response()) > highest - 1e-9);
    }
  }

  static TabularMdp random(TokenTree tree, Random random) {
    double[] reward = DoubleStream.generate(random::nextGaussian).limit(tree.steps()).toArray();
    TabularPolicy reference =
        TabularPolicy.softmax(tree, random.doubles(tree.steps(), 0, 2).toArray());
    return new TabularMdp(reference, reward, BETA);
  }

  /**
   * The same with more reward for the last step of some response, so that π*(y) is just A^−ξ. A
   * reward of δ multiplies the odds of that response by exp(δ/β).
   */
  static TabularMdp withLikelyResponse(TabularMdp mdp, int xi, Random random) {
    TokenTree tree = mdp.tree();
    int y = random.nextInt(tree.responses());
    double p = Math.exp(SoftOptimum.of(mdp).policy().logProb(y));
    double wanted = Math.pow(tree.tokens(), -xi);
    double[] reward = mdp.reward().clone();
    int[] path = tree.path(y);
    reward[path[path.length - 1]] += mdp.beta() * (logOdds(wanted) - logOdds(p));
    return mdp.withReward(reward);
  }

  /**
   * As many prefixes alive as can be: every token equally likely at the first ξ places and token 0
   * certain from there on.
   */
  static TabularMdp hardest(TokenTree tree, int xi) {
    double[] scores =
        IntStream.range(0, tree.steps())
            .mapToDouble(
                i -> depth(tree, i) < xi || tree.token(i) == 0 ? 0 : Double.NEGATIVE_INFINITY)
            .toArray();
    return new TabularMdp(TabularPolicy.softmax(tree, scores), new double[tree.steps()], BETA);
  }

  private static int depth(TokenTree tree, int step) {
    return tree.prefix(tree.before(step)).length;
  }

  private static double logOdds(double p) {
    return Math.log(p) - Math.log1p(-p);
  }
}
