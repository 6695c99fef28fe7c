package rto.bench;

import rto.tensor.ComputePool;
import rto.tensor.Torch;

/**
 * Who computes, and how its time is taken.
 *
 * @param pool of the compute threads
 * @param threads how many they are
 * @param clock that times them
 */
record Crew(ComputePool pool, int threads, Clock clock) {

  /** Threads of libtorch's and of ours that are busy when so many compute threads are. */
  static int busy(int computeThreads) {
    return computeThreads * Torch.threads();
  }
}
