package rto.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rto.algorithm.KlController;
import rto.algorithm.KlEstimate;
import rto.algorithm.PpoLoss;
import rto.algorithm.TokenReward;
import rto.algorithm.ValueLoss;
import rto.checkpoint.DamagedFolder;
import rto.checkpoint.ScratchFile;
import rto.checkpoint.WholeFolder;
import rto.data.CounterRandom;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.metrics.MetricNames;
import rto.protocol.ScoredTrajectory;
import rto.protocol.WeightsRef;
import rto.tensor.ComputePool;

/**
 * The brain's state and what changes it: policy and critic, if there is one, their optimizers, the
 * KL coefficient. The same trajectories in the same order lead to the same digest, in whatever
 * process.
 *
 * <p>Not for several threads at once.
 */
public final class PolicyLearner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyLearner.class);

  /** Keys of the random streams of adapters: of their first values and their dropout. */
  private static final int POLICY_ADAPTER = 5;

  private static final int CRITIC_ADAPTER = 6;

  private final RtoSettings settings;
  private final TokenReward rule;
  private final OptimizerSettings optimizer;
  private final Models models;
  private final Path rewardFolder;
  private final Checkpoints checkpoints;
  private final ComputePool pool;
  private final long seed;

  private Trainee policy;
  private Advantages advantages;
  private KlController kl;
  private int learned;
  private OptionalDouble reward;
  private boolean warned;

  /**
   * A learner without a state; {@link #restore} gives it one.
   *
   * @param rule pays the tokens
   * @param models the policy to start from and the way to others; stays the caller's
   * @param rewardFolder the reward model that a critic starts from, if its tokenizer is the same
   * @param checkpoints where checkpoints are written, one folder each
   */
  public PolicyLearner(
      RtoSettings settings,
      TokenReward rule,
      OptimizerSettings optimizer,
      Models models,
      Path rewardFolder,
      Path checkpoints,
      ComputePool pool,
      long seed) {
    this.settings = settings;
    this.rule = rule;
    this.optimizer = optimizer;
    this.models = models;
    this.rewardFolder = rewardFolder;
    this.checkpoints = new Checkpoints(checkpoints);
    this.pool = pool;
    this.seed = seed;
  }

  /** The policy of one version, ready to travel. */
  public record Snapshot(WeightsRef ref, ScratchFile file) implements AutoCloseable {

    @Override
    public void close() {
      file.close();
    }
  }

  /**
   * Starts from a checkpoint, verified file by file, or from the first policy if there is none. A
   * checkpoint that is refused leaves the learner without a state. What a killed process left of a
   * checkpoint is removed.
   *
   * @throws UncheckedIOException if the checkpoint is damaged, or not there
   */
  public void restore(Optional<Path> checkpoint) {
    close();
    try {
      checkpoints.tidy();
      if (checkpoint.isPresent()) {
        load(checkpoint.get());
      } else {
        begin();
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Takes up the first policy's state and leaves the checkpoints alone, which another learner may
   * be writing: for one that is to be restored later, with everything at hand that is not the
   * state.
   *
   * @throws UncheckedIOException if the first models cannot be read
   */
  public void standBy() {
    close();
    try {
      begin();
      snapshot().close();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void begin() throws IOException {
    Decoder first = models.policy(CounterRandom.of(seed, POLICY_ADAPTER));
    policy = policy(first, new AdamW(optimizer, first.trained()));
    advantages = settings.advantage().with(settings, this::firstCritic, pool);
    kl = settings.klControl();
    learned = 0;
    reward = OptionalDouble.empty();
  }

  private void load(Path folder) throws IOException {
    LearnerFiles.State state = LearnerFiles.readState(folder);
    Decoder p = models.load(folder.resolve("policy"));
    policy =
        policy(p, LearnerFiles.readOptimizer(folder, "policy", optimizer, p, state.policySteps()));
    advantages = settings.advantage().with(settings, () -> critic(folder, state), pool);
    kl = settings.klControl().at(state.beta2());
    learned = state.learned();
    reward = state.reward();
    if (!digest().equals(state.digest())) {
      throw new DamagedFolder(
          folder + ": digest " + digest() + " (expected: " + state.digest() + ")");
    }
  }

  private Trainee policy(Decoder model, AdamW moments) {
    return new Trainee(
        model,
        Differentiator.Read.TOKEN_BY_TOKEN,
        new PpoLoss(settings.policyClip()),
        moments,
        optimizer.schedule(settings.policyLearningRate(), settings.optimizerSteps()),
        pool,
        CounterRandom.of(seed, POLICY_ADAPTER));
  }

  private Trainee firstCritic() throws IOException {
    Decoder value = models.critic(rewardFolder, CounterRandom.of(seed, CRITIC_ADAPTER));
    return critic(value, new AdamW(optimizer, value.trained()));
  }

  private Trainee critic(Path folder, LearnerFiles.State state) throws IOException {
    long steps =
        state
            .criticSteps()
            .orElseThrow(() -> new DamagedFolder(folder + ": no critic (expected: one)"));
    Decoder c = models.load(folder.resolve("critic"));
    return critic(c, LearnerFiles.readOptimizer(folder, "critic", optimizer, c, steps));
  }

  private Trainee critic(Decoder model, AdamW moments) {
    return new Trainee(
        model,
        Differentiator.Read.EVERY_TOKEN,
        new ValueLoss(settings.valueClip()),
        moments,
        optimizer.schedule(settings.criticLearningRate(), settings.optimizerSteps()),
        pool,
        CounterRandom.of(seed, CRITIC_ADAPTER));
  }

  /**
   * Learns one iteration from all its trajectories, in task order.
   *
   * @return the iteration's numbers by name
   */
  public Map<String, Double> learn(int iteration, List<ScoredTrajectory> trajectories) {
    if (iteration != learned) {
      throw new IllegalStateException("iteration " + iteration + " (expected: " + learned + ")");
    }
    Map<String, Double> numbers =
        new Staleness(settings.staleness()).histogram(iteration, trajectories);
    warn(IterationWarnings.of(iteration, trajectories, settings));
    numbers.putAll(
        new PpoUpdate(settings, rule, policy, advantages, seed)
            .learn(iteration, trajectories, kl.beta2()));
    kl = kl.next(KlEstimate.perResponse(trajectories), trajectories.size());
    learned++;
    reward = finite(numbers.get(MetricNames.REWARD.key()));
    return numbers;
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** A state that lasts is told once, when it begins. */
  private void warn(List<String> warnings) {
    if (!warned) {
      warnings.forEach(LOG::warn);
    }
    warned = !warnings.isEmpty();
  }

  Models models() {
    return models;
  }

  /** Iterations learned; the next one's number. */
  public int learned() {
    return learned;
  }

  /** The present policy, for the caller to close; its version is the iterations learned. */
  public Snapshot snapshot() {
    try {
      ScratchFile file = ScratchFile.create();
      models.write(policy.model(), file);
      return new Snapshot(
          new WeightsRef(learned, file.sha256(), file.length(), models.base()), file);
    } catch (IOException e) {
      throw new UncheckedIOException("weights version " + learned + ": " + e.getMessage(), e);
    }
  }

  /** SHA-256 over what learns, optimizer state and counters. */
  public String digest() {
    MessageDigest digest = WholeFolder.sha256();
    policy.digest(digest);
    advantages.critic().ifPresent(critic -> critic.digest(digest));
    ByteBuffer counters = ByteBuffer.allocate(4 * Long.BYTES);
    counters.putLong(learned).putLong(policy.optimizer().steps());
    criticSteps().ifPresent(counters::putLong);
    digest.update(counters.putDouble(kl.beta2()).flip());
    return HexFormat.of().formatHex(digest.digest());
  }

  private OptionalLong criticSteps() {
    return advantages.critic().stream().mapToLong(critic -> critic.optimizer().steps()).findFirst();
  }

  /**
   * Writes the present state, whole or not at all, and reads it back; returns its folder.
   *
   * @throws UncheckedIOException naming the folder if the disk is full, for example
   */
  public Path writeCheckpoint() {
    Path folder = checkpoints.of(learned);
    try {
      checkpoints.makeWay(folder);
      LearnerFiles.State state =
          new LearnerFiles.State(
              learned, policy.optimizer().steps(), criticSteps(), kl.beta2(), reward, digest());
      LearnerFiles.write(folder, state, policy, advantages.critic(), models);
      WholeFolder.verify(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (policy != null) {
      policy.close();
      policy = null;
    }
    if (advantages != null) {
      advantages.close();
      advantages = null;
    }
  }
}
