package rto.node.dashboard;

import java.util.List;
import java.util.Optional;

/**
 * Everything that the pages of one finished run tell. A figure that does not exist is NaN and shown
 * as a dash; a list without entries leaves its section out.
 *
 * @param title one line
 * @param seconds wall-clock time of the run, earlier parts of a resumed one included
 * @param digest sha256 of the final state
 * @param trajectories responses that RTO sampled and learned from
 * @param tokenReward the rule that paid the tokens, as in the settings: {@code rto}, {@code ppo},
 *     ...
 * @param config the settings as they were resolved
 * @param stages one row per policy, the base first
 * @param iterations of RTO, in order
 * @param training curves of the stages before RTO
 * @param samples responses to the same held-out prompts by each policy
 * @param tokenRewards of some responses
 * @param best the best of the checkpoints that are kept
 */
public record Report(
    String title,
    long seed,
    double seconds,
    String digest,
    long trajectories,
    String tokenReward,
    String config,
    List<StageRow> stages,
    List<Iteration> iterations,
    List<Curve> training,
    List<Sample> samples,
    List<TokenRewards> tokenRewards,
    Optional<Best> best) {

  public Report {
    stages = List.copyOf(stages);
    iterations = List.copyOf(iterations);
    training = List.copyOf(training);
    samples = List.copyOf(samples);
    tokenRewards = List.copyOf(tokenRewards);
  }

  /**
   * One policy on the held-out prompts.
   *
   * @param stage {@code base}, {@code dpo} or {@code rto}
   * @param goldReward mean
   * @param ci95 half the width of its 95 % interval
   * @param winRate how often its response has the higher gold reward than base's, 0 to 1
   * @param kl mean log π − log π_base per response token, in nats
   * @param length mean response tokens
   */
  public record StageRow(
      String stage, double goldReward, double ci95, double winRate, double kl, double length) {}

  /**
   * One iteration of RTO.
   *
   * @param reward mean r_MLE
   * @param kl mean per token to the reference
   * @param length mean response tokens
   * @param parts of the reward, each a mean over responses of its sum over tokens
   * @param old responses by the version before the policy that began to learn from them
   */
  public record Iteration(
      long iteration, double reward, double kl, double length, Parts parts, long old) {}

  /**
   * Who pays what, to one token or to a response. The unit is the reward's.
   *
   * @param dpo β1 (log π_dpo − log π_ref), where it is earned
   * @param kl −β2 (log π − log π_ref)
   * @param sentence β3 r_MLE, on the last token
   * @param shaping what the rule adds to pay the DPO part elsewhere, or to take it back
   */
  public record Parts(double dpo, double kl, double sentence, double shaping) {
    public double total() {
      return dpo + kl + sentence + shaping;
    }
  }

  /**
   * How one number of an earlier stage went.
   *
   * @param stage for people: {@code reward model}
   * @param metric {@code loss} or {@code accuracy}
   */
  public record Curve(String stage, String metric, List<Point> points) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  public record Point(long step, double value) {}

  /** The same prompt answered by each policy. */
  public record Sample(String prompt, List<Response> responses) {
    public Sample {
      responses = List.copyOf(responses);
    }
  }

  /** One answer, without the white space around it, and its gold reward. */
  public record Response(String stage, String text, double gold) {
    public Response {
      text = text.strip();
    }
  }

  /**
   * A checkpoint.
   *
   * @param model its policy's folder, seen from the run's
   * @param reward mean r_MLE of the responses that the policy learned last from
   */
  public record Best(String model, double reward) {}

  /** A response of the final policy and what each of its tokens earned. */
  public record TokenRewards(String prompt, List<Token> tokens) {
    public TokenRewards {
      tokens = List.copyOf(tokens);
    }

    /**
     * The reward that is drawn in full colour: the largest one before the last token, on which
     * whole sums fall that would turn all others pale.
     */
    public double scale() {
      int most = Math.max(1, tokens.size() - 1);
      double largest =
          tokens.stream().limit(most).mapToDouble(t -> Math.abs(t.total())).max().orElse(0);
      return largest > 0 ? largest : 1;
    }
  }

  /**
   * One token and the parts of its reward.
   *
   * @param text as it stands in the response, the space before it included
   */
  public record Token(String text, Parts parts) {
    public double total() {
      return parts.total();
    }
  }
}
