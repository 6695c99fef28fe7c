package rto.rollout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import rto.protocol.WeightsRef;
import rto.rollout.WeightsPuller.Pulled;

/**
 * The newest snapshots of a worker, as many as it has slots: when a slot's turn on the compute
 * thread comes, each other slot has pulled at most one version after this slot's.
 */
final class HeldWeights {

  private final int kept;
  private final Deque<Pulled> newestFirst = new ArrayDeque<>();

  HeldWeights(int kept) {
    this.kept = kept;
  }

  Optional<Pulled> find(WeightsRef ref) {
    return newestFirst.stream().filter(pulled -> pulled.ref().equals(ref)).findFirst();
  }

  void add(Pulled newest) {
    newestFirst.addFirst(newest);
    if (newestFirst.size() > kept) {
      newestFirst.removeLast().file().close();
    }
  }

  void close() {
    newestFirst.forEach(pulled -> pulled.file().close());
    newestFirst.clear();
  }
}
