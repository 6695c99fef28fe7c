package rto.node;

import rto.tensor.Torch;

/** libtorch's intra-op threads in a process that may serve several runs: they cannot change. */
final class TorchThreads {

  private static int chosen = 0;

  private TorchThreads() {}

  /**
   * To be called before tensors are made for a run.
   *
   * @throws IllegalStateException if this process began with another number
   */
  static synchronized void choose(int threads) {
    if (chosen != 0 && chosen != threads) {
      throw new IllegalStateException(
          "torch-threads: %s (expected: %s, with which this process began; start the node again)"
              .formatted(threads, chosen));
    }
    chosen = threads;
    System.setProperty(Torch.THREADS, Integer.toString(threads));
  }
}
