package rto.node;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import rto.metrics.MetricsLog;
import rto.metrics.ProcessMemory;
import rto.metrics.Progress;
import rto.node.dashboard.ConsoleTable;
import rto.node.dashboard.Report;
import rto.node.dashboard.ReportPage;
import rto.node.dashboard.ResultJson;
import rto.node.dashboard.TokenColours;
import rto.tensor.ComputePool;
import rto.tensor.Torch;
import rto.train.RunFolder;
import rto.train.RunSettings;
import rto.train.Stages;

/**
 * A whole run in its folder: what is there is kept, what is missing is made, and the same command
 * after a crash goes on.
 */
final class TrainingPipeline {

  private final String title;
  private final RunSettings settings;
  private final RunFolder folder;
  private final Progress progress;
  private final PrintStream out;
  private final Optional<PolicyStage.Seat> seat;

  /** All of it in this process. */
  TrainingPipeline(
      String title, RunSettings settings, RunFolder folder, Progress progress, PrintStream out) {
    this(title, settings, folder, progress, out, Optional.empty());
  }

  /**
   * @param seat where the policy stage's brain is at work, if not in this process alone
   */
  TrainingPipeline(
      String title,
      RunSettings settings,
      RunFolder folder,
      Progress progress,
      PrintStream out,
      Optional<PolicyStage.Seat> seat) {
    this.title = title;
    this.settings = settings;
    this.folder = folder;
    this.progress = progress;
    this.out = out;
    this.seat = seat;
  }

  /** Runs to the end, or from where it was interrupted to the end. */
  void run() throws Exception {
    System.setProperty(Torch.THREADS, Integer.toString(settings.torchThreads()));
    Devices.choose(settings);
    FolderClaim.holding(folder, settings, this::makeAll);
  }

  private void makeAll() throws Exception {
    if (Files.exists(folder.result())) {
      printFinished(ResultJson.read(folder.result()));
      return;
    }
    try (Stopwatch watch = Stopwatch.in(folder.root());
        ComputePool pool = new ComputePool("compute", settings.resources().threads());
        MetricsLog metrics = MetricsLog.open(folder.metrics())) {
      new ProgramsOfRun(folder).workedOnBy(ProgramVersion.now(), metrics, System.err);
      Optional<PreparedBrain> prepared = seat.flatMap(PolicyStage.Seat::prepared);
      if (prepared.isEmpty()) {
        new Stages(settings, folder, pool, progress, metrics).run();
      }
      String digest = policyStage(pool, metrics, prepared).run();
      ProcessMemory.giveBack();
      Report report = new Summary(settings, folder, pool, progress).report(title, watch, digest);
      ReportPage.write(report, folder.report());
      ResultJson.write(report, folder.result());
      print(report);
    }
  }

  private PolicyStage policyStage(
      ComputePool pool, MetricsLog metrics, Optional<PreparedBrain> prepared) {
    return seat.map(s -> new PolicyStage(settings, folder, pool, progress, metrics, s, prepared))
        .orElseGet(() -> new PolicyStage(settings, folder, pool, progress, metrics));
  }

  private void print(Report report) {
    out.println();
    out.println(ConsoleTable.of(report.stages()));
    for (Report.Sample sample : report.samples().subList(0, Math.min(2, report.samples().size()))) {
      out.println(sample.prompt());
      sample.responses().forEach(this::printResponse);
      out.println();
    }
    out.println("What each token earned:");
    out.println(TokenColours.of(report.tokenRewards().get(0), TokenColours.areWanted()));
    out.println();
    printEnd(report.trajectories(), report.seconds(), report.digest(), report.best());
  }

  private void printFinished(ResultJson.Result result) {
    out.println("This run is finished. Its result:");
    out.println();
    out.println(ConsoleTable.of(result.stages()));
    printEnd(result.trajectories(), result.seconds(), result.digest(), result.best());
  }

  private void printEnd(
      long trajectories, double seconds, String digest, Optional<Report.Best> best) {
    out.printf(Locale.ROOT, "%d trajectories in %.0f s%n", trajectories, seconds);
    out.println("digest  " + digest);
    out.println("model   " + folder.policy());
    best.ifPresent(this::printBest);
    out.println("report  " + folder.report());
  }

  private void printBest(Report.Best best) {
    out.printf(
        Locale.ROOT,
        "best    %s (of the checkpoints: reward %.3f)%n",
        folder.root().resolve(best.model()),
        best.reward());
  }

  private void printResponse(Report.Response response) {
    out.printf(
        Locale.ROOT, "  %-4s %+6.2f  %s%n", response.stage(), response.gold(), response.text());
  }
}
