package rto.node;

import java.nio.file.Path;
import rto.node.journal.JournalSettings;
import rto.protocol.RunEvent.IterationLearned;
import rto.run.Deadlines;
import rto.run.RunObserver;
import rto.run.RunPlan;

/** The program of a process that a test starts and stops: a run that gets stuck in iteration 2. */
final class ChildRun {

  static final String STUCK = "stuck";

  private ChildRun() {}

  /** No checkpoint before the end: the fake disk ends with the process. */
  static RunPlan plan() {
    return new RunPlan("child", "config", 4, 3, 100, 0, Deadlines.standard());
  }

  public static void main(String[] args) throws InterruptedException {
    var policy = new HashingEngines.BlockingPolicy(2);
    var parts =
        HashingEngines.parts(plan(), HashingEngines.Learner.emptyDisk(), policy, new Silent());
    ClusterRun.start(
        new NodeOptions(Path.of(args[0]), new JournalSettings.H2File(), 0, true), parts);
    policy.reached.await();
    System.out.println(STUCK);
  }

  /** Says nothing. */
  static final class Silent implements RunObserver {
    @Override
    public void learned(IterationLearned event, boolean replayed) {}

    @Override
    public void finished(String digest) {}

    @Override
    public void failed(String reason) {}
  }
}
