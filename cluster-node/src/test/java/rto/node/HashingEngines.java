package rto.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import rto.checkpoint.ScratchFile;
import rto.learner.LearnerEngine;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.Sampling;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;
import rto.rollout.PolicyEngine;
import rto.rollout.RolloutSettings;
import rto.run.RunObserver;
import rto.run.RunPlan;
import rto.scoring.TrajectoryScorer;

/** Engines that hash instead of compute: runs that differ anywhere differ in their digest. */
final class HashingEngines {

  private HashingEngines() {}

  /** State k+1 is the hash of state k and of all trajectories, in order. */
  static final class Learner implements LearnerEngine {

    /** Folder name → version and digest; outlives the learner as a disk does. */
    private final Map<String, Map.Entry<Integer, String>> disk;

    private int version;
    private String digest;

    Learner(Map<String, Map.Entry<Integer, String>> disk) {
      this.disk = disk;
    }

    static Map<String, Map.Entry<Integer, String>> emptyDisk() {
      return new ConcurrentHashMap<>();
    }

    @Override
    public Snapshot restore(Optional<String> checkpointFolder) {
      var state = checkpointFolder.map(disk::get).orElse(Map.entry(0, sha256("first")));
      version = state.getKey();
      digest = state.getValue();
      return snapshot();
    }

    @Override
    public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
      var text = new StringBuilder(digest);
      inTaskOrder.forEach(scored -> text.append(describe(scored)));
      version++;
      digest = sha256(text.toString());
      return new Step(snapshot(), Map.of("trajectories", (double) inTaskOrder.size()));
    }

    @Override
    public Written writeCheckpoint(int iteration) {
      disk.put("checkpoint-" + iteration, Map.entry(version, digest));
      return new Written("checkpoint-" + iteration, digest);
    }

    @Override
    public void dropCheckpoints(List<String> needed) {
      disk.keySet().retainAll(needed);
    }

    private Snapshot snapshot() {
      // More than one chunk of 1 MiB.
      byte[] bytes = digest.repeat(20_000).getBytes(StandardCharsets.UTF_8);
      var ref = new WeightsRef(version, sha256(bytes), bytes.length);
      return new Snapshot(ref, file(bytes), digest);
    }

    private static String describe(ScoredTrajectory scored) {
      return Arrays.toString(scored.trajectory().response())
          + Arrays.toString(scored.reference().orElse(null))
          + Arrays.toString(scored.dpo().orElse(null))
          + scored.reward();
    }
  }

  /** Responses are hashes of task and weights. */
  static class Policy implements PolicyEngine {

    private String installed = "";

    @Override
    public void install(WeightsRef ref, ScratchFile snapshot) {
      installed = snapshot.sha256();
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      return task.prompts().stream().map(prompt -> response(task, prompt)).toList();
    }

    private Trajectory response(RolloutTask task, Prompt prompt) {
      String hash = sha256(installed + task.id() + prompt.index());
      int[] tokens = hash.chars().limit(6).toArray();
      float[] logProbs = {-1, -2, -3, -4, -5, -6};
      return new Trajectory(prompt, 0, tokens, logProbs, true, task.weights().version());
    }
  }

  /** Stops in the first task of an iteration until it is let go. */
  static final class BlockingPolicy extends Policy {

    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    private final int iteration;

    BlockingPolicy(int iteration) {
      this.iteration = iteration;
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      if (task.id().iteration() == iteration) {
        reached.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return super.sample(task);
    }
  }

  static final TrajectoryScorer REFERENCE =
      all -> all.stream().map(t -> t.withReference(t.trajectory().logProbs())).toList();

  static final TrajectoryScorer REWARD =
      all -> all.stream().map(t -> t.withReward(t.trajectory().response()[0])).toList();

  /** The parts of a PPO run: no DPO room. */
  static RunParts parts(
      RunPlan plan,
      Map<String, Map.Entry<Integer, String>> disk,
      PolicyEngine policy,
      RunObserver observer) {
    return new RunParts(
        plan,
        (iteration, weights) -> tasks(plan, iteration, weights),
        new Compute<>(new Learner(disk), singleThread()),
        List.of(new Compute<>(policy, singleThread())),
        Map.of(
            NodeRole.REFERENCE, new Compute<>(REFERENCE, singleThread()),
            NodeRole.REWARD, new Compute<>(REWARD, singleThread())),
        RolloutSettings.standard(),
        observer);
  }

  private static Executor singleThread() {
    return Executors.newSingleThreadExecutor(
        work -> {
          var thread = new Thread(work, "compute");
          thread.setDaemon(true);
          return thread;
        });
  }

  static List<RolloutTask> tasks(RunPlan plan, int iteration, WeightsRef weights) {
    return IntStream.range(0, plan.tasksPerIteration())
        .mapToObj(index -> task(plan, new TaskId(iteration, index), weights))
        .toList();
  }

  private static RolloutTask task(RunPlan plan, TaskId id, WeightsRef weights) {
    var prompts = List.of(new Prompt(id.index(), new int[] {1, 2}));
    return new RolloutTask(plan.run(), id, prompts, 1, weights, Sampling.plain(6), List.of(0), 1);
  }

  private static ScratchFile file(byte[] bytes) {
    try {
      return ScratchFile.of(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
