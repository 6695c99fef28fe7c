package rto.node.compare;

import java.nio.file.Path;
import rto.train.RunFolder;

/**
 * Where things lie in a comparison's folder.
 *
 * <pre>
 *   comparison.json              whose folder it is
 *   shared/seed-1/               what the arms of a seed share, as in a run's folder, and how good
 *                                the first model is
 *   tuning/seed-101/ARM-2/       a candidate that was tried
 *   runs/seed-1/ARM/             outcome.json, metrics.jsonl; a preference arm's model
 *   compare.json  compare.md  compare.html  *.svg
 * </pre>
 */
public record ComparisonFolder(Path root) {

  /** Tells whose folder it is. */
  public Path identity() {
    return root.resolve("comparison.json");
  }

  /** What the arms of a seed share, as in a run's folder. */
  public RunFolder shared(long seed) {
    return new RunFolder(root.resolve("shared").resolve("seed-" + seed));
  }

  Path first(long seed) {
    return outcome(shared(seed).root());
  }

  Path run(long seed, String arm) {
    return root.resolve("runs").resolve("seed-" + seed).resolve(arm);
  }

  /**
   * @param candidate its place, from 1
   */
  Path trial(long seed, String arm, int candidate) {
    return root.resolve("tuning").resolve("seed-" + seed).resolve(arm + "-" + candidate);
  }

  /** Of the run in that folder. */
  static Path outcome(Path run) {
    return run.resolve("outcome.json");
  }
}
