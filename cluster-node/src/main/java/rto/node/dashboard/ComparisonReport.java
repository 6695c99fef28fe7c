package rto.node.dashboard;

import java.util.List;
import java.util.Optional;
import rto.metrics.Interval;

/**
 * Everything that the pages of a comparison tell. A figure that does not exist is NaN and shown as
 * a dash.
 *
 * @param title one line
 * @param baseline the arm that the others are subtracted from; it may be missing
 * @param seeds those compared; an arm may be there in some of them only
 * @param rollouts responses that each policy arm learned from
 * @param judges held-out prompts at the end of each run
 * @param curveJudges the same while policies train
 * @param seconds summed over all runs, those that chose hyper-parameters too, which shared the
 *     cores
 * @param arms in the order of the table
 * @param tuning what was tried
 * @param tuningSeeds on which seeds it was tried; none if nothing was
 * @param config the run that all arms share
 * @param background what the figures do not tell
 */
public record ComparisonReport(
    String title,
    String baseline,
    List<Long> seeds,
    long rollouts,
    int judges,
    int curveJudges,
    double seconds,
    List<ArmResult> arms,
    List<Trial> tuning,
    List<Long> tuningSeeds,
    String config,
    Background background) {

  /**
   * Where things come from, in sentences.
   *
   * @param seeds what every seed has of its own
   * @param gold what the gold reward decides besides the verdict
   * @param note of whoever set the comparison up
   */
  public record Background(String seeds, String gold, Optional<String> note) {}

  boolean hasBaseline() {
    return arms.stream().anyMatch(arm -> arm.name().equals(baseline));
  }

  /** Whether the arm is there in every seed. */
  boolean isWhole(ArmResult arm) {
    return arm.seeds().size() == seeds.size();
  }

  /**
   * A model's answers in figures.
   *
   * @param gold mean gold reward
   * @param winRate how often it beats the first model's answer to the same prompt, 0 to 1
   * @param kl nats per response, to the first model
   * @param klPerToken the same per token
   * @param length tokens per response
   */
  public record Measures(
      double gold, double winRate, double kl, double klPerToken, double length) {}

  /** A policy after so many rollouts. */
  public record Point(long rollouts, Measures measures) {}

  /** Mean over seeds, with its 95 % interval, of each measure. */
  public record Summary(
      Interval gold, Interval winRate, Interval kl, Interval klPerToken, Interval length) {}

  /** All seeds' policies after so many rollouts. */
  public record MeanPoint(long rollouts, Summary summary) {}

  /**
   * One seed of an arm.
   *
   * @param diverged why training broke off: there are no measures then
   */
  public record SeedResult(
      long seed, Measures end, List<Point> curve, double seconds, Optional<String> diverged) {}

  /**
   * The part of the baseline's rollouts after which an arm first was as good as the baseline at its
   * end.
   *
   * @param reached in how many of the seeds it ever was
   * @param seeds of how many
   * @param fraction over the seeds that reached it
   * @param ofMeanCurves the same of the two curves averaged over seeds; NaN if never
   */
  public record Reach(int reached, int seeds, Interval fraction, double ofMeanCurves) {}

  /**
   * One of the compared.
   *
   * @param trains {@code nothing}, {@code preference} or {@code policy}
   * @param overrides by which its runs differ from the shared one, the chosen candidate included
   * @param end over the seeds in which it did not diverge
   * @param minusBaseline means of the differences seed by seed; absent for the baseline
   * @param curve empty unless it trains a policy
   * @param reach absent unless it trains a policy
   */
  public record ArmResult(
      String name,
      String trains,
      List<String> overrides,
      Summary end,
      Optional<Summary> minusBaseline,
      List<MeanPoint> curve,
      Optional<Reach> reach,
      List<SeedResult> seeds) {

    /** In how many seeds. */
    long diverged() {
      return seeds.stream().filter(seed -> seed.diverged().isPresent()).count();
    }
  }

  /**
   * A candidate that was tried.
   *
   * @param overrides {@code key=value} each; none is the arm as it is written
   * @param gold mean gold reward in each tuning seed
   */
  public record Trial(
      String arm, List<String> overrides, List<Double> gold, double mean, boolean chosen) {}
}
