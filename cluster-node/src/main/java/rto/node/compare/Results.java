package rto.node.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.metrics.Interval;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.compare.ComparisonSettings.Trains;
import rto.node.dashboard.ComparisonReport;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.Background;
import rto.node.dashboard.ComparisonReport.MeanPoint;
import rto.node.dashboard.ComparisonReport.Measures;
import rto.node.dashboard.ComparisonReport.Point;
import rto.node.dashboard.ComparisonReport.Reach;
import rto.node.dashboard.ComparisonReport.SeedResult;
import rto.node.dashboard.ComparisonReport.Summary;
import rto.node.dashboard.ComparisonReport.Trial;
import rto.node.settings.Settings;
import rto.train.RunSettings;

/**
 * Statistics over seeds. A seed is one sample of all that is random, see {@link Provenance}; its
 * arms share models and data, so that differences are taken seed by seed.
 */
final class Results {

  private final Plan plan;
  private final List<Outcome> outcomes;
  private final List<Trial> tuning;

  /**
   * @param outcomes of arms in seeds; what has none is left out
   */
  Results(Plan plan, List<Outcome> outcomes, List<Trial> tuning) {
    this.plan = plan;
    this.outcomes = outcomes;
    this.tuning = tuning;
  }

  ComparisonReport report(String title, double seconds) {
    RunSettings shared = plan.shared(seeds().get(0));
    return new ComparisonReport(
        title,
        plan.settings().baseline(),
        seeds(),
        (long) shared.rto().iterations() * shared.rto().trajectories(),
        shared.evaluationPrompts(),
        plan.settings().curve().prompts(),
        seconds,
        plan.settings().arms().stream()
            .filter(arm -> !of(arm.name()).isEmpty())
            .map(this::result)
            .toList(),
        tuning,
        plan.tuningSeeds(),
        Settings.render(shared),
        new Background(
            Provenance.ofSeeds(shared),
            Provenance.ofGold(shared, !tuning.isEmpty()),
            plan.settings().note()));
  }

  private ArmResult result(Arm arm) {
    String base = plan.settings().baseline();
    List<Outcome> seeds = whole(arm.name());
    List<Outcome> own = inBoth(seeds, whole(base));
    List<Outcome> baseline = inBoth(whole(base), seeds);
    boolean differs = !arm.name().equals(base) && !own.isEmpty();
    boolean policies = arm.trains() == Trains.POLICY;
    List<String> overrides =
        Stream.concat(arm.set().stream(), Choice.chosen(tuning, arm).stream()).toList();
    return new ArmResult(
        arm.name(),
        arm.trains().name().toLowerCase(Locale.ROOT),
        overrides,
        summary(ends(seeds)),
        differs ? Optional.of(difference(ends(own), ends(baseline))) : Optional.empty(),
        policies ? meanCurve(curves(seeds)) : List.of(),
        policies && !baseline.isEmpty() && !curves(baseline).get(0).isEmpty()
            ? Optional.of(reach(curves(own), curves(baseline)))
            : Optional.empty(),
        of(arm.name()).stream().map(Results::seed).toList());
  }

  private static SeedResult seed(Outcome o) {
    Optional<String> diverged = o.whole() ? Optional.empty() : Optional.of(o.diverged());
    return new SeedResult(o.seed(), o.end(), o.curve(), o.seconds(), diverged);
  }

  /** Those that did not diverge. */
  private List<Outcome> whole(String arm) {
    return of(arm).stream().filter(Outcome::whole).toList();
  }

  /** Of these the ones whose seed is among the others too, so that the two can be paired. */
  private static List<Outcome> inBoth(List<Outcome> these, List<Outcome> others) {
    return these.stream()
        .filter(o -> others.stream().anyMatch(other -> other.seed() == o.seed()))
        .toList();
  }

  /** Those of any arm, sorted. */
  private List<Long> seeds() {
    return outcomes.stream().map(Outcome::seed).distinct().sorted().toList();
  }

  /** In the order of the seeds. */
  private List<Outcome> of(String arm) {
    return seeds().stream()
        .flatMap(s -> outcomes.stream().filter(o -> o.seed() == s && o.arm().equals(arm)))
        .toList();
  }

  private static List<Measures> ends(List<Outcome> seeds) {
    return seeds.stream().map(Outcome::end).toList();
  }

  private static List<List<Point>> curves(List<Outcome> seeds) {
    return seeds.stream().map(Outcome::curve).toList();
  }

  static Summary summary(List<Measures> seeds) {
    return new Summary(
        mean(seeds, Measures::gold),
        mean(seeds, Measures::winRate),
        mean(seeds, Measures::kl),
        mean(seeds, Measures::klPerToken),
        mean(seeds, Measures::length));
  }

  /** Of a − b, seed by seed. */
  static Summary difference(List<Measures> a, List<Measures> b) {
    return summary(IntStream.range(0, a.size()).mapToObj(i -> minus(a.get(i), b.get(i))).toList());
  }

  private static Measures minus(Measures a, Measures b) {
    return new Measures(
        a.gold() - b.gold(),
        a.winRate() - b.winRate(),
        a.kl() - b.kl(),
        a.klPerToken() - b.klPerToken(),
        a.length() - b.length());
  }

  private static Interval mean(List<Measures> seeds, ToDoubleFunction<Measures> measure) {
    return mean(seeds.stream().mapToDouble(measure).toArray());
  }

  /** One seed has a mean without an interval; none has neither. */
  static Interval mean(double[] x) {
    return x.length >= 2
        ? Interval.ofMean(x)
        : new Interval(x.length == 1 ? x[0] : Double.NaN, Double.NaN, Double.NaN, x.length);
  }

  static List<MeanPoint> meanCurve(List<List<Point>> seeds) {
    List<MeanPoint> curve = new ArrayList<>();
    for (int i = 0; !seeds.isEmpty() && i < seeds.get(0).size(); i++) {
      int place = i;
      List<Measures> there = seeds.stream().map(points -> points.get(place).measures()).toList();
      curve.add(new MeanPoint(seeds.get(0).get(i).rollouts(), summary(there)));
    }
    return curve;
  }

  static Reach reach(List<List<Point>> arm, List<List<Point>> baseline) {
    double[] fractions =
        IntStream.range(0, arm.size())
            .mapToDouble(i -> fraction(arm.get(i), baseline.get(i)))
            .filter(Double::isFinite)
            .toArray();
    return new Reach(
        fractions.length,
        arm.size(),
        mean(fractions),
        fraction(means(meanCurve(arm)), means(meanCurve(baseline))));
  }

  /** The mean curve as if it were a seed's, of the gold reward alone. */
  private static List<Point> means(List<MeanPoint> curve) {
    double none = Double.NaN;
    return curve.stream()
        .map(
            p ->
                new Point(
                    p.rollouts(),
                    new Measures(p.summary().gold().estimate(), none, none, none, none)))
        .toList();
  }

  /**
   * The first of the arm's points that is as high as the baseline's last, as a part of the
   * baseline's rollouts; NaN if none is. Points are judged anew each, so that luck can make a point
   * too early, which the baseline's own fraction shows.
   */
  static double fraction(List<Point> arm, List<Point> baseline) {
    Point last = baseline.get(baseline.size() - 1);
    return arm.stream()
        .filter(point -> point.measures().gold() >= last.measures().gold())
        .findFirst()
        .map(point -> (double) point.rollouts() / last.rollouts())
        .orElse(Double.NaN);
  }
}
