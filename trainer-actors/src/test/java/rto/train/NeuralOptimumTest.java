package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.KlController;
import rto.algorithm.RewardWeights;
import rto.algorithm.TokenRewardVariant;
import rto.algorithm.TokenWeights;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.tabular.SoftOptimum;
import rto.tabular.TabularMdp;
import rto.tabular.TabularPolicy;
import rto.tabular.TokenTree;
import rto.tensor.ComputePool;
import rto.tensor.ComputeThread;

/**
 * The trainer against the oracle: on a tree of 64 responses, where the best policy is known
 * exactly, {@link LocalRtoLoop} with neural networks comes within 2 % of it.
 *
 * <p>What RTO maximises is the regularised value of an MDP. With the rewards of [P eq. 4.7],
 *
 * <pre>
 *   E_π Σ_h (d_h − β₂ log(π/π_ref)) + β₃ R = V_β^π   with β = β₂ and
 *   r(s, a) = β₁ log(π_dpo(a|s)/π_ref(a|s)) + β₃ R · 1[a ends the response]
 * </pre>
 *
 * so the models' own log-probabilities and scores, read at every prefix, make the MDP whose V* soft
 * value iteration finds. After an end token nothing happens any more: the reference goes on with
 * the end token for certain, at no reward.
 */
class NeuralOptimumTest {

  private static final int TOKENS = 4;
  private static final int HORIZON = 3;
  private static final int END = 3;
  private static final int[] PROMPT = {0};
  private static final TokenTree TREE = new TokenTree(TOKENS, HORIZON);

  private static final double BETA1 = 0.5;
  private static final double BETA2 = 0.25;
  private static final double BETA3 = 1;

  @TempDir Path temp;

  @Test
  void rtoComesWithinTwoPercentOfTheBestValue() throws IOException {
    check(BETA1, BETA3);
  }

  @Test
  void dpoAlone() throws IOException {
    check(BETA2, 0);
  }

  private void check(double beta1, double beta3) throws IOException {
    Path policy = Tiny.saved(model(new Head.Language(false), 1, 0.5), temp.resolve("policy"));
    Path dpo = Tiny.saved(model(new Head.Language(false), 2, 0.5), temp.resolve("dpo"));
    Path reward = Tiny.saved(model(new Head.Scalar(0, 1), 3, 0.5), temp.resolve("reward"));
    try (Decoder reference = HfCheckpoint.load(policy);
        Decoder preferred = HfCheckpoint.load(dpo);
        Decoder scorer = HfCheckpoint.load(reward)) {
      TabularMdp mdp = mdp(reference, preferred, scorer, beta1, beta3);
      double best = SoftOptimum.of(mdp).value();
      double start = mdp.value(policy(reference));
      System.out.println(
          "best " + best + " start " + start + " dpo " + mdp.value(policy(preferred)));
      long t = System.nanoTime();
      double[] learned = {0};
      try (ComputePool pool = new ComputePool("test", 2);
          ComputeThread thread = new ComputeThread("test-loop");
          PolicyLearner learner =
              new PolicyLearner(
                  settings(beta1, beta3),
                  new OptimizerSettings(0.9, 0.95, 1e-8, 0, 1, 0.03, 0.02),
                  policy,
                  reward,
                  temp.resolve("checkpoints"),
                  pool,
                  1)) {
        thread.call(
            () -> {
              learner.restore(Optional.empty());
              return new LocalRtoLoop(
                      settings(beta1, beta3),
                      new RolloutPlan("test", settings(beta1, beta3), List.of(PROMPT), END, 1),
                      reference,
                      Optional.of(preferred),
                      scorer,
                      learner)
                  .run(
                      (k, numbers) -> {
                        if (k % 20 == 19) {
                          learned[0] = value(mdp, learner);
                          System.out.printf(
                              "%d %.4f gap/gain %.4f gap/V* %.4f  %.1f s%n",
                              k + 1,
                              learned[0],
                              (best - learned[0]) / (best - start),
                              (best - learned[0]) / Math.abs(best),
                              (System.nanoTime() - t) / 1e9);
                        }
                      });
            });
        learned[0] = value(mdp, learner);
      }
      assertThat((best - learned[0]) / (best - start)).isLessThan(0.02);
    }
  }

  private static double value(TabularMdp mdp, PolicyLearner learner) {
    try (Decoder now = HfCheckpoint.fromBytes(learner.snapshot().bytes(), "learned")) {
      return mdp.value(policy(now));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static RtoSettings settings(double beta1, double beta3) {
    return new RtoSettings(
        160,
        1,
        128,
        1,
        128,
        1,
        HORIZON,
        TokenRewardVariant.RTO,
        new RewardWeights(beta1, beta3, OptionalDouble.empty(), 0),
        new KlController.Fixed(BETA2),
        1,
        0.95,
        0.2,
        OptionalDouble.empty(),
        TokenWeights.TOKEN_MEAN,
        2,
        64,
        64,
        0.01,
        0.01,
        1000);
  }

  private static TabularMdp mdp(
      Decoder reference, Decoder dpo, Decoder scorer, double beta1, double beta3) {
    TabularPolicy ref = policy(reference);
    TabularPolicy preferred = policy(dpo);
    double[] reward = new double[TREE.steps()];
    for (int i = 0; i < reward.length; i++) {
      if (!ended(TREE.before(i))) {
        reward[i] = beta1 * (preferred.logProbs()[i] - ref.logProbs()[i]);
        if (TREE.token(i) == END || TREE.completes(i)) {
          Sequence whole = new Sequence(PROMPT, TREE.prefix(TREE.after(i)));
          double score = scorer.scores(List.of(whole), 1)[0];
          reward[i] += beta3 * Math.max(-10, Math.min(10, score));
        }
      }
    }
    return new TabularMdp(ref, reward, BETA2);
  }

  private static TabularPolicy policy(Decoder model) {
    double[] logits = new double[TREE.steps()];
    for (int s = 0; s < TREE.nodes(); s++) {
      int[] prefix = TREE.prefix(s);
      int[] read = Arrays.copyOf(PROMPT, PROMPT.length + prefix.length);
      System.arraycopy(prefix, 0, read, PROMPT.length, prefix.length);
      float[] next = model.logits(read)[read.length - 1];
      for (int a = 0; a < TOKENS; a++) {
        double certain = a == END ? 0 : Double.NEGATIVE_INFINITY;
        logits[TREE.step(s, a)] = ended(s) ? certain : next[a];
      }
    }
    return TabularPolicy.softmax(TREE, logits);
  }

  private static boolean ended(int node) {
    return Arrays.stream(TREE.prefix(node)).anyMatch(token -> token == END);
  }

  private static Decoder model(Head head, long seed, double scale) {
    DecoderConfig config =
        new DecoderConfig(TOKENS, 16, 24, 1, 2, 1, 8, 1e-5, 10_000, 8, 0, END, head);
    return new Decoder(config, Weights.random(config, seed));
  }
}
