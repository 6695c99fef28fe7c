package rto.node;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import rto.metrics.Progress;
import rto.node.cli.Operations;
import rto.node.compare.Comparison;
import rto.node.compare.ComparisonFolder;
import rto.node.compare.ComparisonSettings;
import rto.node.compare.Plan;
import rto.node.dashboard.ComparisonPages;
import rto.node.dashboard.ComparisonReport;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.tensor.Torch;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * A comparison as people write it: the settings that all runs share, and beside them the section
 * {@code compare}.
 */
record CompareFile(Path file, List<String> overrides) {

  private static final String SECTION = "compare";
  private static final String DEFAULTS = "compare-defaults.conf";

  /** Compares from where the folder's runs end, writes the pages and prints the table. */
  void compare(
      Operations.Compare options, ComparisonFolder folder, Progress progress, PrintStream out)
      throws Exception {
    ComparisonSettings settings =
        Settings.loadSection(SECTION, file, overrides, DEFAULTS, ComparisonSettings.Section.class)
            .compare();
    Plan plan = Plan.of(settings, this::run, options.arms(), options.seeds());
    RunSettings shared = plan.shared(settings.firstSeed());
    SettingsCheck.require(shared, folder.shared(settings.firstSeed()));
    requireArms(plan, folder.shared(settings.firstSeed()));
    System.setProperty(Torch.THREADS, Integer.toString(shared.torchThreads()));
    Devices.requireKindOf(folder.shared(settings.firstSeed()), shared.resources());
    Devices.choose(shared);
    String title = "Comparison " + folder.root().toAbsolutePath().normalize().getFileName();
    out.println(title + " in " + folder.root());
    Interruption.announcedOn(
        System.err,
        "the same command",
        () ->
            FolderClaim.holding(
                "comparison",
                folder.root(),
                folder.identity(),
                plan.identity(),
                () -> {
                  ComparisonReport report =
                      new Comparison(plan, folder, options.parallel(), progress).run(title);
                  ComparisonPages.write(report, folder.root());
                  ComparisonPages.print(report, folder.root(), out);
                }));
  }

  /** What holds for the shared run must hold for each arm and candidate, before hours of work. */
  private static void requireArms(Plan plan, RunFolder shared) {
    List<String> problems =
        plan.runsOfFirstSeed().stream()
            .flatMap(
                run ->
                    SettingsCheck.problems(run.settings(), shared).stream()
                        .map(problem -> "compare.arms: " + run.arm() + ": " + problem))
            .distinct()
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
  }

  private RunSettings run(List<String> more) {
    List<String> all = Stream.concat(overrides.stream(), more.stream()).toList();
    return RunFile.loadBeside(SECTION, file, all);
  }
}
