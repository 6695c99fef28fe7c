package rto.run;

import rto.protocol.RunEvent.IterationLearned;

/**
 * Is told how the run goes, for progress display and metrics log. Called on the run's own thread:
 * return soon.
 */
public interface RunObserver {

  /**
   * The iteration is learned and journalled. Every iteration is told at least once, whatever
   * crashes, and in order. An exception ends the run, with its message as the reason: when the run
   * is started again, the iteration is told again.
   *
   * @param replayed read from the journal after a restart: may have been told before
   */
  void learned(IterationLearned event, boolean replayed);

  /** All iterations are learned and the last checkpoint is on disk. */
  void finished(String digest);

  /** The run cannot go on; told once, and nothing follows. */
  void failed(String reason);

  /**
   * The brain is gone before the run's end, told to or by an exception; the run itself is not over.
   * Told once, and nothing follows.
   */
  default void stopped(String reason) {
    failed(reason);
  }
}
