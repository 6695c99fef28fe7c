package rto.node.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import rto.node.compare.ComparisonSettings.Arm;
import rto.node.compare.ComparisonSettings.Curve;
import rto.node.compare.ComparisonSettings.Trains;
import rto.node.compare.ComparisonSettings.Tuning;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.train.DataSource;
import rto.train.RunSettings;

/** What is compared: chosen arms and seeds, and the settings of every single run. */
public final class Plan {

  /** How the policy stage samples: what every arm must leave as it is, or rollouts are unequal. */
  private static final Set<String> ROLLOUTS =
      Set.of(
          "rto.iterations",
          "rto.prompts-per-iteration",
          "rto.samples-per-prompt",
          "rto.prompts-per-task",
          "rto.generation-batch",
          "rto.temperature",
          "rto.max-new-tokens");

  /** A file's run with further {@code key=value}; the last word is the one that counts. */
  @FunctionalInterface
  public interface Runs {
    /**
     * @throws ConfigMistakes with every problem
     */
    RunSettings with(List<String> overrides);
  }

  /** What makes two comparisons the same one: arms may join it, seeds may be added. */
  private record Identity(RunSettings run, Curve curve, List<Long> tuningSeeds, int prompts) {}

  private final ComparisonSettings settings;
  private final Runs runs;
  private final List<Arm> arms;
  private final List<Long> seeds;

  private Plan(ComparisonSettings settings, Runs runs, List<Arm> arms, int seeds) {
    this.settings = settings;
    this.runs = runs;
    this.arms = arms;
    this.seeds = LongStream.range(0, seeds).mapToObj(i -> settings.firstSeed() + i).toList();
  }

  /**
   * A plan whose every run, those of arms that are not chosen too, has settings that can be used
   * and share what they have to.
   *
   * @param chosen names of arms; none means all
   * @param seeds how many, if not as the file says
   * @throws ConfigMistakes with every problem
   */
  public static Plan of(
      ComparisonSettings settings, Runs runs, List<String> chosen, OptionalInt seeds) {
    List<String> problems = new ArrayList<>();
    List<String> names = settings.arms().stream().map(Arm::name).toList();
    chosen.stream()
        .filter(name -> !names.contains(name))
        .forEach(n -> problems.add("arms: " + n + " (expected: one of " + names + ")"));
    List<Arm> arms =
        settings.arms().stream()
            .filter(arm -> chosen.isEmpty() || chosen.contains(arm.name()))
            .toList();
    Plan plan = new Plan(settings, runs, arms, seeds.orElse(settings.seeds()));
    plan.seeds.stream()
        .filter(plan.tuningSeeds()::contains)
        .forEach(s -> problems.add("compare.tuning.seeds: " + s + " (expected: none compared)"));
    settings.arms().forEach(arm -> plan.candidates(arm).forEach(c -> plan.check(arm, c, problems)));
    problems.addAll(plan.prompts());
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
    return plan;
  }

  /** Those that are chosen. */
  List<Arm> arms() {
    return arms;
  }

  /** Those that the chosen arms are to have. */
  List<Long> seeds() {
    return seeds;
  }

  ComparisonSettings settings() {
    return settings;
  }

  List<Long> tuningSeeds() {
    return settings.tuning().map(Tuning::seeds).orElse(List.of());
  }

  /** What is tried for an arm; without tuning it as it is written. */
  List<List<String>> candidates(Arm arm) {
    return settings.tuning().isEmpty() || arm.tune().isEmpty() ? List.of(List.of()) : arm.tune();
  }

  /** The run that all arms share in this seed. */
  public RunSettings shared(long seed) {
    return runs.with(List.of("seed=" + seed));
  }

  /** One run. */
  RunSettings run(long seed, Arm arm, List<String> candidate) {
    return runs.with(
        Stream.of(List.of("seed=" + seed), arm.set(), candidate).flatMap(List::stream).toList());
  }

  /**
   * What an arm does with one of its candidates.
   *
   * @param arm its name
   */
  public record ArmSettings(String arm, RunSettings settings) {}

  /** Every arm of the file with each of its candidates, in the first seed. */
  public List<ArmSettings> runsOfFirstSeed() {
    return settings.arms().stream()
        .flatMap(
            arm ->
                candidates(arm).stream()
                    .map(c -> run(seeds.get(0), arm, c))
                    .map(run -> new ArmSettings(arm.name(), run)))
        .toList();
  }

  /** The held-out prompts that judge in this seed: other ones where hyper-parameters are chosen. */
  List<String> judges(long seed, List<String> heldOut) {
    int compared = shared(seed).evaluationPrompts();
    return tuningSeeds().contains(seed)
        ? heldOut.subList(compared, compared + settings.tuning().orElseThrow().prompts())
        : heldOut.subList(0, compared);
  }

  /** As text, one key a line. */
  public String identity() {
    return Settings.render(
        new Identity(
            shared(0).identity(),
            settings.curve(),
            tuningSeeds(),
            settings.tuning().map(Tuning::prompts).orElse(0)));
  }

  private void check(Arm arm, List<String> candidate, List<String> problems) {
    String who = "compare.arms: " + arm.name() + ": ";
    try {
      RunSettings run = run(seeds.get(0), arm, candidate);
      Settings.differences(shared(seeds.get(0)), run).stream()
          .filter(path -> !mayDiffer(arm.trains(), path))
          .forEach(path -> problems.add(who + path + " (expected: as in all arms)"));
    } catch (ConfigMistakes mistakes) {
      mistakes.problems().forEach(problem -> problems.add(who + problem));
    }
  }

  private static boolean mayDiffer(Trains trains, String path) {
    return switch (trains) {
      case NOTHING -> false;
      case PREFERENCE -> path.startsWith("preference-loss.") || path.startsWith("dpo.");
      case POLICY -> path.startsWith("rto.") && !ROLLOUTS.contains(path);
    };
  }

  /** How many prompts are held out, whoever writes them. */
  private static int heldOut(RunSettings run) {
    return run.data() instanceof DataSource.Openings openings
        ? openings.heldOut()
        : ((DataSource.Given) run.data()).heldOutPrompts(run.seed()).size();
  }

  private List<String> prompts() {
    RunSettings run = shared(seeds.get(0));
    int compared = run.evaluationPrompts();
    int wanted = compared + settings.tuning().map(Tuning::prompts).orElse(0);
    int there = heldOut(run);
    List<String> problems = new ArrayList<>();
    if (wanted > there) {
      problems.add(
          "evaluation-prompts: %s, and compare.tuning.prompts on top (expected: at most %s held-out"
                  .formatted(compared, there)
              + " prompts, not %s)".formatted(wanted));
    }
    if (settings.curve().prompts() > compared) {
      problems.add(
          "compare.curve.prompts: %s (expected: <= %s, evaluation-prompts)"
              .formatted(settings.curve().prompts(), compared));
    }
    return problems;
  }
}
