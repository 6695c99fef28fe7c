package rto.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import rto.lm.Decoder;
import rto.lm.Head;
import rto.lm.lora.LoraConfig;
import rto.tensor.ComputePool;
import rto.tensor.ComputeThread;

/** A policy stage on tiny models in one folder, to be run in as many ways as a test likes. */
final class PolicyStage {

  private static final int PROMPTS = 24;

  private final Path policy;
  private final Path dpo;
  private final Path reward;
  private final Path checkpoints;
  private final Optional<LoraConfig> lora;

  /** Saves the models that the stage starts from. */
  PolicyStage(Path folder, Decoder policy, Decoder dpo, Decoder reward) {
    this.policy = Tiny.saved(policy, folder.resolve("policy"));
    this.dpo = Tiny.saved(dpo, folder.resolve("dpo"));
    this.reward = Tiny.saved(reward, folder.resolve("reward"));
    this.checkpoints = folder.resolve("checkpoints");
    this.lora = Optional.empty();
  }

  /** One whose models are adapters over one base, far from it. */
  PolicyStage(Path folder, LoraConfig lora) {
    this.policy = Tiny.saved(Tiny.language(1), folder.resolve("policy"));
    this.dpo = folder.resolve("dpo");
    this.reward = folder.resolve("reward");
    this.checkpoints = folder.resolve("checkpoints");
    this.lora = Optional.of(lora);
    try (Models models = models();
        Decoder base = models.reference();
        Decoder dpoModel = Tiny.learned(base, new Head.Language(true), lora, 2);
        Decoder rewardModel = Tiny.learned(base, new Head.Scalar(0.1, 0.8), lora, 3)) {
      models.save(dpoModel, Files.createDirectories(dpo));
      models.save(rewardModel, Files.createDirectories(reward));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Models models() {
    return Models.of(policy, lora);
  }

  /** One of random models. */
  static PolicyStage random(Path folder) {
    return new PolicyStage(folder, Tiny.language(1), Tiny.language(2), Tiny.scalar(3));
  }

  /** Runs what is left to learn after a checkpoint, if there is one; returns the last digest. */
  String run(RtoSettings settings, Setup setup, Optional<Path> from, Watch watch) {
    try (ComputePool pool = new ComputePool("test", setup.threads());
        ComputeThread thread = new ComputeThread("test-loop");
        Models models = models();
        Decoder reference = models.reference();
        Decoder dpoModel = models.load(dpo);
        RewardModel rewardModel = RewardModel.ofPolicyTokens(models.load(reward));
        PolicyLearner learner = learner(settings, setup, models, pool)) {
      Optional<Decoder> withDpo = setup.dpo() ? Optional.of(dpoModel) : Optional.empty();
      return thread.call(
          () -> {
            learner.restore(from);
            return new LocalRtoLoop(
                    settings, plan(settings, setup), reference, withDpo, rewardModel, learner)
                .run((iteration, numbers) -> watch.learned(learner, iteration, numbers));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A learner of this stage; its checkpoints go to the stage's folder. */
  PolicyLearner learner(RtoSettings settings, Setup setup, ComputePool pool) {
    return learner(settings, setup, models(), pool);
  }

  private PolicyLearner learner(
      RtoSettings settings, Setup setup, Models models, ComputePool pool) {
    return new PolicyLearner(
        settings,
        settings.rule(Tiny::vocabulary),
        Tiny.adam(),
        models,
        reward,
        checkpoints,
        pool,
        setup.seed());
  }

  private static RolloutPlan plan(RtoSettings settings, Setup setup) {
    Random random = new Random(1);
    List<int[]> prompts = Stream.generate(() -> Tiny.prompt(random)).limit(PROMPTS).toList();
    return new RolloutPlan("test", settings, prompts, List.of(Tiny.END), setup.seed());
  }

  /** What may vary from run to run. */
  record Setup(long seed, int threads, boolean dpo) {
    static final Setup PLAIN = new Setup(1, 1, true);
  }

  /** Sees the learner after each iteration. */
  @FunctionalInterface
  interface Watch {
    Watch NOTHING = (learner, iteration, numbers) -> {};

    void learned(PolicyLearner learner, int iteration, Map<String, Double> numbers);
  }
}
