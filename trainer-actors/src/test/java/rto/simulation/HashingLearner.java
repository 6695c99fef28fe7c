package rto.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import rto.learner.DamagedCheckpoint;
import rto.learner.LearnerEngine;
import rto.protocol.ScoredTrajectory;
import rto.protocol.WeightsRef;

/**
 * Learns by hashing: state k+1 is the hash of state k and of every number in the trajectories, in
 * their order.
 *
 * <p>The disk outlives the learner, as checkpoints outlive a process. Of checkpoints it keeps none
 * but those that are needed.
 */
public final class HashingLearner implements LearnerEngine {

  /** Folder name → state. */
  private final Map<String, State> disk;

  private record State(int version, String digest) {}

  private static final State DAMAGED = new State(-1, "damaged");

  private State state;

  private HashingLearner(Map<String, State> disk) {
    this.disk = disk;
  }

  /** A disk that learners share. */
  public static final class Disk {
    private final Map<String, State> folders = new ConcurrentHashMap<>();

    public HashingLearner newLearner() {
      return new HashingLearner(folders);
    }

    /** The names of all checkpoints, damaged ones too, the oldest first. */
    public List<String> names() {
      return folders.keySet().stream()
          .sorted(Comparator.comparingInt(String::length).thenComparing(name -> name))
          .toList();
    }

    public void damage(String name) {
      folders.put(name, DAMAGED);
    }

    public void delete(String name) {
      folders.remove(name);
    }
  }

  @Override
  public Snapshot restore(Optional<String> checkpointFolder) {
    state = checkpointFolder.map(this::read).orElse(new State(0, Hashes.sha256("first")));
    return snapshot();
  }

  @Override
  public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
    var text = new StringBuilder(state.digest());
    inTaskOrder.forEach(scored -> text.append(describe(scored)));
    state = new State(state.version() + 1, Hashes.sha256(text.toString()));
    return new Step(snapshot(), Map.of("trajectories", (double) inTaskOrder.size()));
  }

  @Override
  public Written writeCheckpoint(int iteration) {
    String folder = "checkpoint-" + iteration;
    disk.put(folder, state);
    return new Written(folder, state.digest());
  }

  @Override
  public void dropCheckpoints(List<String> needed) {
    disk.keySet().retainAll(needed);
  }

  private State read(String folder) {
    State read = disk.getOrDefault(folder, DAMAGED);
    if (read.equals(DAMAGED)) {
      throw new DamagedCheckpoint(folder + ": a bit is not what it was", null);
    }
    return read;
  }

  private Snapshot snapshot() {
    byte[] bytes = weights(state.digest());
    var ref = new WeightsRef(state.version(), Hashes.sha256(bytes), bytes.length);
    return new Snapshot(ref, bytes, state.digest());
  }

  // Longer than one chunk of the tests.
  private static byte[] weights(String digest) {
    return digest.repeat(20).getBytes(StandardCharsets.UTF_8);
  }

  private static String describe(ScoredTrajectory scored) {
    var t = scored.trajectory();
    return String.join(
        " ",
        Arrays.toString(t.prompt().tokens()),
        Integer.toString(t.sample()),
        Arrays.toString(t.response()),
        Arrays.toString(t.logProbs()),
        Integer.toString(t.policyVersion()),
        Arrays.toString(scored.reference().orElse(null)),
        Arrays.toString(scored.dpo().orElse(null)),
        scored.reward().toString());
  }
}
